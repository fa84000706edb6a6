import Synchronization

/// What happened on a loop, in order, for the test to wait for.
final class Log<Entry: Sendable>: Sendable {
    private struct State {
        var entries: [Entry] = []
        var waiting: (count: Int, CheckedContinuation<[Entry], Never>)?
    }

    private let state = Mutex(State())

    func append(_ entry: Entry) {
        let ready = state.withLock { state -> (CheckedContinuation<[Entry], Never>, [Entry])? in
            state.entries.append(entry)
            guard let waiting = state.waiting, state.entries.count >= waiting.count else { return nil }
            state.waiting = nil
            return (waiting.1, state.entries)
        }
        if let ready { ready.0.resume(returning: ready.1) }
    }

    /// The entries, once there are so many. One waits at a time.
    func first(_ count: Int) async -> [Entry] {
        await withCheckedContinuation { continuation in
            let entries = state.withLock { state -> [Entry]? in
                if state.entries.count >= count { return state.entries }
                state.waiting = (count, continuation)
                return nil
            }
            if let entries { continuation.resume(returning: entries) }
        }
    }

    var entries: [Entry] { state.withLock { $0.entries } }
}
