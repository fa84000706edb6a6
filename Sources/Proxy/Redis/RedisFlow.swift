import Faults
import Reactor
import Wire

/// What a `redis` link keeps of one connection.
///
/// Each command has one answer, and a client counts them; so whatever becomes of a command, something stands in its answer's
/// place. Within a transaction an error that a fault wants is the server's own, as a command that it does not know goes in the
/// client's place: so `EXEC` fails as the client will expect.
final class RedisFlow: MessageFlow {
    /// How a command is answered, where it is not by what the server says to it.
    enum Treatment {
        /// The server does not know of it. The link gives this answer when its turn comes.
        case own([UInt8], code: String, window: Int)
        /// The server got a command that fails in its place; its error is worded anew.
        case refused(RedisErrorReply, window: Int)
        /// The server got `DISCARD` in the place of `EXEC`.
        case discarded(RedisErrorReply, window: Int)
        /// The server does it; the client hears an error. A window that must be told.
        case refusedAfter(RedisErrorReply, window: Int)
        /// It was sent twice, and this is the second: nothing of its answer passes.
        case second
    }

    /// What stands in an answer's place.
    struct Replacement {
        var bytes: [UInt8]
        var code: String
        var window: Int
        /// The window has to be told.
        var isToBeConfirmed = false
    }

    /// Of the present message of the server.
    struct Present {
        /// It belongs to no command.
        var isAside = false
        /// The rest of it goes nowhere.
        var isDropped = false
        var isError = false
    }

    var requests = RedisRequestDecoder()
    var answers = RedisAnswerDecoder()
    var session: RedisSession
    /// Of open exchanges, those that are not simply answered.
    var treatments: [Int: Treatment] = [:]
    /// Keys behind the first, of open exchanges, where windows may look at them.
    var moreKeys: [Int: [String]] = [:]
    /// Exchanges so far.
    var count = 0
    /// The command that is held.
    var heldRequest: (piece: RedisRequestDecoder.Piece, unit: RedisSession.Unit)?
    var heldAnswer: RedisAnswerDecoder.Piece?
    /// The command that a copy is made of.
    var copied: RedisSession.Unit?
    var present = Present()
    /// Of the present answer.
    var replacement: Replacement?
    /// So many commands may await their answers; then no more is read, so that memory stays bounded.
    static let openMax = 1 << 17

    init(_ table: RedisCommandTable) { session = RedisSession(table) }

    var openCalls: Int { session.openCount }

    var owesAnswers: Bool { !treatments.isEmpty || replacement != nil }

    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int? {
        half.pointee.direction == .request
            ? connection.consumeRequests(half, self, bytes) : connection.consumeAnswers(half, self, bytes)
    }

    func ended(_ direction: Direction, of connection: Connection) {}

    func cutShort(_ half: Connection.HalfPointer) {
        guard half.pointee.direction == .response else { return }
        session.giveUp()
        treatments = [:]
        moreKeys = [:]
        replacement = nil
    }

    func label(_ command: Int) -> String { session.table.commands[command].name }
}
