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

    /// A piece of what the client sends, and its command where that was looked at already.
    struct Found {
        var piece: RedisRequestDecoder.Piece
        var unit: RedisSession.Unit?

        init(_ piece: RedisRequestDecoder.Piece, _ unit: RedisSession.Unit? = nil) {
            (self.piece, self.unit) = (piece, unit)
        }

        init?(_ piece: RedisRequestDecoder.Piece?) {
            guard let piece else { return nil }
            self.init(piece)
        }
    }

    /// Of the present message of the server.
    struct Present {
        /// It belongs to no command.
        var isAside = false
        /// The rest of it goes nowhere.
        var isDropped = false
        var isError = false
    }

    /// What is known of the connection's two streams: behind a pointer, so that looking at it checks no access.
    let reading = UnsafeMutablePointer<RedisReading>.allocate(capacity: 1)
    let operations: RedisOperations
    /// Of open exchanges, those that are not simply answered.
    var treatments: [Int: Treatment] = [:]
    /// Keys behind the first, of open exchanges, where windows may look at them.
    var moreKeys: [Int: [String]] = [:]
    /// Exchanges so far.
    var count = 0
    /// The latest exchange whose request the history told of by itself; of later ones a run has told.
    var lastToldAlone = 0
    /// The command that is held.
    var heldRequest: Found?
    var heldAnswer: RedisAnswerDecoder.Piece?
    /// The command that a copy is made of.
    var copied: RedisSession.Unit?
    var present = Present()
    /// Of the present answer.
    var replacement: Replacement?
    /// So many commands may await their answers; then no more is read, so that memory stays bounded.
    static let openMax = 1 << 17

    init(_ operations: RedisOperations) {
        self.operations = operations
        reading.initialize(to: RedisReading(operations.table))
    }

    deinit { reading.deinitialize(count: 1).deallocate() }

    var openCalls: Int { reading.pointee.session.openCount }

    var owesAnswers: Bool { !treatments.isEmpty || replacement != nil }

    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int? {
        half.pointee.direction == .request
            ? connection.consumeRequests(half, self, bytes) : connection.consumeAnswers(half, self, bytes)
    }

    func ended(_ direction: Direction, of connection: Connection) {}

    func cutShort(_ half: Connection.HalfPointer) {
        guard half.pointee.direction == .response else { return }
        reading.pointee.session.giveUp()
        treatments = [:]
        moreKeys = [:]
        replacement = nil
    }

    func label(_ command: Int) -> String { operations.table.labels[command] }
}
