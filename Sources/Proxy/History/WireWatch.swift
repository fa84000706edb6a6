import Synchronization

/// Somebody who watches the wire. Nobody waits for him: what he doesn't take in time is only counted.
package final class WireWatch: Sendable {
    package struct Batch: Sendable {
        package var events: [WireEvent] = []
        /// So many more there were before the next ones.
        package var missed = 0
    }

    private struct State {
        var batch = Batch()
        var waiting: CheckedContinuation<Batch?, Never>?
        /// For how many turns of the history somebody has waited.
        var turns = 0
        var isOver = false
    }

    private let state = Mutex(State())
    private let isWanted: @Sendable (WireEvent) -> Bool
    private let counter: WatchCounter
    private let onStop: @Sendable (WireWatch) -> Void
    private static let eventsMax = 8192
    /// Of the history's thread, about twenty a second.
    private static let turnsMax = 20

    init(
        _ isWanted: @escaping @Sendable (WireEvent) -> Bool, counter: WatchCounter,
        onStop: @escaping @Sendable (WireWatch) -> Void
    ) {
        self.isWanted = isWanted
        self.counter = counter
        self.onStop = onStop
    }

    /// What has happened since the last time, once there is something; empty where for a second there was nothing; `nil`
    /// when it is over, or its task is cancelled. For one task at a time.
    package func next() async -> Batch? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    let isEmpty = state.batch.events.isEmpty && state.batch.missed == 0
                    guard !state.isOver || !isEmpty else { return continuation.resume(returning: nil) }
                    state.turns = 0
                    state.waiting = continuation
                    deliver(&state, force: false)
                }
            }
        } onCancel: {
            end()
        }
    }

    /// Nothing more is wanted.
    package func stop() {
        onStop(self)
        end()
    }

    func end() {
        state.withLock { state in
            state.isOver = true
            state.waiting?.resume(returning: nil)
            state.waiting = nil
        }
    }

    /// - Parameter untold: how many more events there were, of which nothing is known.
    func offer(_ events: [WireEvent], untold: Int) {
        let wanted = events.filter(isWanted)
        guard !wanted.isEmpty || untold > 0 else { return }
        state.withLock { state in
            guard !state.isOver else { return }
            let room = Self.eventsMax - state.batch.events.count
            state.batch.events += wanted.prefix(room)
            let missed = max(0, wanted.count - room) + untold
            state.batch.missed += missed
            counter.count(missed: missed)
            deliver(&state, force: false)
        }
    }

    /// The history has had another turn.
    func tick() {
        state.withLock { state in
            state.turns += 1
            if state.turns >= Self.turnsMax { deliver(&state, force: true) }
        }
    }

    private func deliver(_ state: inout State, force: Bool) {
        guard let waiting = state.waiting, force || !state.batch.events.isEmpty || state.batch.missed > 0 else {
            return
        }
        let batch = state.batch
        (state.batch, state.waiting) = (Batch(), nil)
        counter.count(shown: batch.events.count)
        waiting.resume(returning: batch)
    }
}
