package import Proxy

/// One try of a call on the wire.
package struct Attempt: Hashable, Sendable, Codable {
    /// When the request's head was there.
    package var time: Int64
    /// When all was over: answered whole, or given up.
    package var end: Int64
    package var lane: Int
    package var connection: Int
    package var exchange: Int
    /// Of the answer; 0 without one.
    package var status: Int
    /// What was done to the request, or to its answer where the request simply passed.
    package var action: WireEvent.Action
    /// The window that struck the request, or else its answer; 0 for none.
    package var window: Int
    /// How long the answer asked to wait.
    package var retryAfterMilliseconds: Int?
    /// When the answer's head was there, if it was passed on.
    package var answered: Int64?

    package init(
        time: Int64, end: Int64, lane: Int = 0, connection: Int = 1, exchange: Int = 1, status: Int = 0,
        action: WireEvent.Action = .forwarded, window: Int = 0, retryAfterMilliseconds: Int? = nil,
        answered: Int64? = nil
    ) {
        self.time = time
        self.end = end
        self.lane = lane
        self.connection = connection
        self.exchange = exchange
        self.status = status
        self.action = action
        self.window = window
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.answered = answered
    }

    /// Answered as one would wish, untouched by faults: the client has no reason to try again.
    package var isDone: Bool { answered != nil && (200..<400).contains(status) && window == 0 && action == .forwarded }
}
