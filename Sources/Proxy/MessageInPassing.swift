import Faults
import Reactor
import Wire

/// What is known of the message that a half is in the middle of.
final class MessageInPassing {
    let time: Nanoseconds
    /// It is bytes of a connection that has no messages, or of one that no longer makes sense.
    let isChunk: Bool
    var exchange = 0
    var operation = ""
    var key = ""
    var size = 0
    var status = 0
    /// Of an error, where the protocol has codes for them.
    var code = ""
    /// The number of its transaction on its connection; 0 for none.
    var transaction = 0
    var action = WireEvent.Action.forwarded
    var window = 0
    var retryAfterMilliseconds: Int?
    /// For how long a window has held it.
    var heldFor = Nanoseconds.zero
    /// The bytes go nowhere.
    var isSwallowed = false
    /// So many more bytes pass, then the connection ends.
    var bytesLeft: Int?
    /// The connection ends in order after it, however much of it has passed.
    var endsConnection = false
    /// Of a body that tells its call from others; it becomes the key.
    var hash: BodyHash?
    /// Windows that have a process struck once it has passed.
    var summons: [Int] = []
    /// Its bytes are kept until it is whole, to be changed then.
    var rewriting: Rewriting?
    /// A copy of what has passed, to be sent again.
    var copy: RequestCopy?

    init(time: Nanoseconds) { (self.time, isChunk) = (time, false) }

    init(chunkAt time: Nanoseconds) {
        (self.time, isChunk) = (time, true)
        operation = Message.bytesOperation
    }

    /// A window has struck it. The first that does is told of.
    func claim(by struck: Int) {
        if window == 0 { window = struck }
    }
}

/// A message of which the body is to be changed, as far as it has come.
struct Rewriting {
    var rewrites: [Decision.Rewrite]
    var head: [UInt8]
    var body: [UInt8] = []

    /// So much may come before somebody gives up.
    var bytesMax: Int { rewrites.map(\.upTo).max() ?? 0 }
}

/// A request that is to be sent twice, as far as it has passed.
struct RequestCopy {
    let duplicate: Decision.Duplicate
    var bytes: [UInt8]
    let headBytes: Int
}
