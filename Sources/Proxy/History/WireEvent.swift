package import Wire

/// One thing that happened on a link, as the wire history tells it. Bodies and credentials are not in it.
package struct WireEvent: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A connection was accepted, and its upstream reached.
        case opened
        /// The upstream could not be reached.
        case unreachable
        /// A message, or a chunk of bytes on a `tcp` link.
        case message
        /// The connection's bytes stopped making sense as messages of its protocol, and pass as bytes from here on.
        case opaque
        /// Both sides ended in order.
        case closed
        /// One side sent RST, or a fault did.
        case reset
    }

    /// What was done to a message.
    package enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        case forwarded, delayed, held, edited, replied, reset
        /// Some of its bits were flipped.
        case corrupted
        /// It went out in pieces, or its bytes waited for their turn at a rate.
        case shaped
        /// The connection ended before the message did.
        case cut
        /// It was held and never passed: when its window was over, or somebody ended the connection, its client still waited.
        case hung
        /// It never arrived, and its connection broke: an answer was there whole.
        case lost
        /// The service got it twice. Of an answer: it was the second one, which went nowhere.
        case duplicated
    }

    /// Nanoseconds of the monotonic clock since the history began; of a message, when its head was there.
    package var time: Int64
    /// When a message had been passed on whole, answered or given up; for what is no message, the same as `time`.
    package var end: Int64
    package var link: String
    /// Which of the link's listeners took the connection, from 0.
    package var lane: Int
    /// The number of the connection on its link, in the order of accepting, from 1.
    package var connection: Int
    package var kind: Kind
    package var direction: Direction?
    /// Which call of the connection, from 1: a request and its answer have the same.
    package var exchange: Int
    package var operation: String
    /// Of `unreachable`, the reason where there is one.
    package var key: String
    /// Bytes, head and body; for a chunk, its length.
    package var size: Int
    /// Of answers on `http` links; else 0.
    package var status: Int
    /// Of an answer that is an error, its code where the protocol has some: an SQLSTATE on `postgres` links, the error's first
    /// word on `redis` links, the status code on `bolt` links; else empty.
    package var code: String
    /// Where the protocol has transactions, the number of the transaction or lone statement on its connection, from 1: all of a
    /// transaction is one call. 0 outside, and on other links.
    package var transaction: Int
    /// How long an answer asks its client to wait: `retry-after-ms`, else `retry-after` where that is in seconds.
    package var retryAfterMilliseconds: Int?
    package var action: Action
    /// The window that struck first, 0 for none.
    package var window: Int

    package init(
        time: Int64, link: String, connection: Int, kind: Kind, direction: Direction? = nil, exchange: Int = 0,
        operation: String = "", key: String = "", size: Int = 0, status: Int = 0, action: Action = .forwarded,
        window: Int = 0, lane: Int = 0, end: Int64? = nil, retryAfterMilliseconds: Int? = nil,
        code: String = "", transaction: Int = 0
    ) {
        self.time = time
        self.end = end ?? time
        self.link = link
        self.lane = lane
        self.connection = connection
        self.kind = kind
        self.direction = direction
        self.exchange = exchange
        self.operation = operation
        self.key = key
        self.size = size
        self.status = status
        self.code = code
        self.transaction = transaction
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.action = action
        self.window = window
    }
}
