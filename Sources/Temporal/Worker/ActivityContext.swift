import Synchronization

/// What an activity under way shares with its worker.
package final class ActivityContext: Sendable {
    private struct State {
        var details: [Payload] = []
        var isCancelRequested = false
        var isGone = false
    }

    private let state = Mutex(State())

    init() {}

    /// Goes out with the next heartbeat; the activity's next try gets it when this one dies.
    package func record(_ details: [Payload]) { state.withLock { $0.details = details } }

    /// The workflow does not want the activity any more.
    package var isCancelRequested: Bool { state.withLock { $0.isCancelRequested } }

    /// The server has given this try up: another may be under way, and nobody reads what comes of this one.
    package var isGone: Bool { state.withLock { $0.isGone } }

    var details: [Payload] { state.withLock { $0.details } }

    func noteCancelRequest() { state.withLock { $0.isCancelRequested = true } }

    func noteGone() { state.withLock { $0.isGone = true } }
}
