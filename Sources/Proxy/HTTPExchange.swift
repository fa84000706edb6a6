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
    /// The reply may go as soon as its turn comes.
    var replyReady = false
    /// The connection ends after the reply.
    var closes = false
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
    /// The bytes go nowhere.
    var isSwallowed = false

    init(time: Nanoseconds) { self.time = time }
}

/// What an `http` link keeps of one connection.
final class HTTPState {
    var request = HTTPHalf(.request)
    var response = HTTPHalf(.response)
    var exchanges: [HTTPExchange] = []
    var count = 0
}
