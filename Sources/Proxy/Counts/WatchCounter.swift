import Synchronization

/// Counts what all who watch the wire were shown, and what they could not be.
final class WatchCounter: Sendable {
    private let shown = Atomic<Int>(0)
    private let missed = Atomic<Int>(0)

    var counts: (shown: Int, missed: Int) { (shown.load(ordering: .relaxed), missed.load(ordering: .relaxed)) }

    func count(shown: Int = 0, missed: Int = 0) {
        self.shown.wrappingAdd(shown, ordering: .relaxed)
        self.missed.wrappingAdd(missed, ordering: .relaxed)
    }
}
