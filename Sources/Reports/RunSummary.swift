package import Consistency
package import Experiments

/// What `faultline run --format json` prints: one object for all experiments.
package struct RunSummary: Sendable, Encodable {
    package struct Entry: Sendable, Encodable {
        package var name: String
        package var verdict: Verdict
        package var seed: UInt64
        package var folder: String
        package var reasons: [String]
        package var documents: DocumentCounts
        package var faultsFired: Int

        package init(_ result: RunResult, folder: String) {
            name = result.experiment.name
            verdict = result.verdict
            seed = result.seed
            self.folder = folder
            reasons = result.ruling.reasons
            documents = result.counts
            faultsFired = result.faultsFired
        }

        /// A run that could not be carried through: it has no folder.
        package init(failed experiment: String, seed: UInt64, reason: String) {
            name = experiment
            verdict = .inconclusive
            self.seed = seed
            folder = ""
            reasons = [reason]
            documents = DocumentCounts()
            faultsFired = 0
        }
    }

    package var held: Int
    package var violated: Int
    package var inconclusive: Int
    package var experiments: [Entry]

    package init(_ entries: [Entry]) {
        held = entries.count { $0.verdict == .held }
        violated = entries.count { $0.verdict == .violated }
        inconclusive = entries.count { $0.verdict == .inconclusive }
        experiments = entries
    }

    /// Violated before inconclusive before held.
    package var exitCode: Int32 {
        if violated > 0 { return 1 }
        return inconclusive > 0 || experiments.isEmpty ? 2 : 0
    }
}
