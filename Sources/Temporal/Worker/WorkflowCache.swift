import Synchronization

/// Workflows as a worker left them, so that only what has happened since has to be applied.
final class WorkflowCache: Sendable {
    struct Entry: Sendable {
        var decider: any WorkflowDecider
        /// The last event that was applied.
        var last: Int
    }

    private struct State {
        var entries: [WorkflowRun: (entry: Entry, used: Int)] = [:]
        var clock = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    /// Takes an entry out: whoever works on a workflow has it alone.
    func take(_ run: WorkflowRun) -> Entry? {
        state.withLock { $0.entries.removeValue(forKey: run)?.entry }
    }

    func put(_ entry: Entry, _ run: WorkflowRun) {
        guard capacity > 0 else { return }
        state.withLock { state in
            state.clock += 1
            if state.entries.count >= capacity, let oldest = state.entries.min(by: { $0.value.used < $1.value.used }) {
                state.entries[oldest.key] = nil
            }
            state.entries[run] = (entry, state.clock)
        }
    }
}
