/// What came of deleting a run's data.
package struct Erasure: Hashable, Sendable {
    /// What stays because nobody said how to delete it.
    package var kept: [String] = []
    /// What could not be deleted, and why: the next run tries again.
    package var failures: [String] = []

    package init(kept: [String] = [], failures: [String] = []) {
        self.kept = kept
        self.failures = failures
    }

    package var isComplete: Bool { failures.isEmpty }
    package var notes: [String] { failures + kept }
}
