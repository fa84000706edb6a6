import Reactor
import Wire

/// A request and its answer.
struct HTTPExchange {
    var number: Int
    var method: String
    var operation: String
    var key: String
    /// The answer that the proxy gives, `nil` when the upstream does.
    var reply: [UInt8]?
    var replyDelay = Nanoseconds.zero
    var replyStatus = 0
    var window = 0
    var replyRetryAfterMilliseconds: Int?
    /// The reply may go as soon as its turn comes.
    var replyReady = false
    /// The connection ends after the reply.
    var closes = false

    /// Has the proxy answer in the upstream's place.
    ///
    /// - Parameter atOnce: without waiting for the request's end.
    mutating func answer(
        with reply: [UInt8], status: Int, after delay: Nanoseconds, window: Int, closes: Bool, atOnce: Bool
    ) {
        self.reply = reply
        (replyStatus, replyDelay, replyReady) = (status, delay, atOnce)
        replyRetryAfterMilliseconds = HTTPHeadParser.retryAfterMilliseconds(reply.span.bytes)
        self.window = window
        self.closes = closes
    }
}

/// What is known of the message that a half is in the middle of.
final class MessageInPassing {
    let time: Nanoseconds
    var exchange = 0
    var operation = ""
    var key = ""
    var size = 0
    var status = 0
    var action = WireEvent.Action.forwarded
    var window = 0
    var retryAfterMilliseconds: Int?
    /// The bytes go nowhere.
    var isSwallowed = false
    /// So many more bytes pass, then the connection ends.
    var bytesLeft: Int?
    /// Of a body that tells its call from others; it becomes the key.
    var hash: BodyHash?

    init(time: Nanoseconds) { self.time = time }
}

/// What an `http` link keeps of one connection.
final class HTTPState {
    var request = HTTPHalf(.request)
    var response = HTTPHalf(.response)
    var exchanges: [HTTPExchange] = []
    var count = 0

    /// A request's key is known now; its answer shall have it too.
    func tell(_ exchange: Int, key: String) {
        if let index = exchanges.lastIndex(where: { $0.number == exchange }) { exchanges[index].key = key }
        if let answer = response.message, answer.exchange == exchange { answer.key = key }
    }
}
