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
    /// Of the answer on an `http` link; 0 without one.
    package var status: Int
    /// Of an answer that is an error, its SQLSTATE, prefix or status code on a `postgres`, `redis` or `bolt` link; else empty.
    package var code: String
    /// False when the transaction that it is in came to nothing, as far as its client knows.
    package var lasts: Bool
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
        answered: Int64? = nil, code: String = "", lasts: Bool = true
    ) {
        self.time = time
        self.end = end
        self.lane = lane
        self.connection = connection
        self.exchange = exchange
        self.status = status
        self.code = code
        self.lasts = lasts
        self.action = action
        self.window = window
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.answered = answered
    }

    /// Answered as one would wish, untouched by faults: the client has no reason to try again.
    package var isDone: Bool { isAnsweredWell && window == 0 && action == .forwarded && lasts }

    /// Answered, and not with an error.
    var isAnsweredWell: Bool { answered != nil && code.isEmpty && (status == 0 || (200..<400).contains(status)) }

    /// What the answer says of success: its status, or the code of its error; empty without either.
    package var verdict: String { !code.isEmpty ? code : status == 0 ? "" : "\(status)" }
}
