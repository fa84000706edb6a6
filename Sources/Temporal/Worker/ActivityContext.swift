import Synchronization

/// What an activity under way shares with its worker.
package final class ActivityContext: Sendable {
    private struct State {
        var details: [Payload] = []
        var isCancelRequested = false
        var isGone = false
        /// When the latest heartbeat went out that the server has answered.
        var heard: ContinuousClock.Instant
    }

    private let state: Mutex<State>
    /// What the server waits for a heartbeat; nil: for ever.
    private let patience: Duration?

    /// - Parameter heartbeat: the server gives the try up when it hears nothing for so long.
    package init(heartbeat: Duration?, at now: ContinuousClock.Instant = .now) {
        patience = heartbeat
        state = Mutex(State(heard: now))
    }

    /// Goes out with the next heartbeat; the activity's next try gets it when this one dies.
    package func record(_ details: [Payload]) { state.withLock { $0.details = details } }

    /// The workflow does not want the activity any more.
    package var isCancelRequested: Bool { state.withLock { $0.isCancelRequested } }

    /// The server has given this try up: another may be under way, and nobody reads what comes of this one.
    package var isGone: Bool { state.withLock { $0.isGone } }

    /// Whether the server cannot have given this try up for want of heartbeats. The time in which this process stood still
    /// counts, too.
    package var isHeard: Bool { isHeard(at: .now) }

    package func isHeard(at now: ContinuousClock.Instant) -> Bool {
        let (heard, isGone) = state.withLock { ($0.heard, $0.isGone) }
        return !isGone && patience.map { now - heard < $0 } ?? true
    }

    var details: [Payload] { state.withLock { $0.details } }

    func noteCancelRequest() { state.withLock { $0.isCancelRequested = true } }

    package func noteGone() { state.withLock { $0.isGone = true } }

    /// The server has answered a heartbeat.
    /// - Parameter sent: when it went out.
    package func noteHeard(sent: ContinuousClock.Instant) { state.withLock { $0.heard = max($0.heard, sent) } }
}
