import Faults
import Reactor
import Wire

/// What a `postgres` link keeps of one connection.
///
/// Errors that a fault wants are the server's own wherever that can be: it gets a statement that fails in the place of the
/// client's, so its transaction is in the state that the client believes it to be in. Only the wording is changed on the
/// way back.
final class PostgresFlow: MessageFlow {
    /// How a unit is answered.
    enum Treatment {
        case pass
        /// The server got a statement that fails in its place; its error is worded anew.
        case refused(SQLError)
        /// The server has done it; the client hears an error. A window that must be told.
        case refusedAfter(SQLError, window: Int)
        /// It was sent twice, and this is the first: its ReadyForQuery waits for the second's.
        case first
        /// It is the second: nothing of its answer passes but an error, and its ReadyForQuery.
        case second
        /// The link sent it of its own accord: nothing of its answer passes, and at its end the client gets this.
        case own([UInt8])
    }

    /// A unit that is sent, and not answered whole yet.
    struct Open {
        var exchange: Int
        var unit: PostgresSession.Unit
        var treatment: Treatment
        /// The window that has it answered so, 0 where the answer is the server's.
        var window = 0
    }

    /// What is to be done at the ReadyForQuery that comes next.
    enum AtReady {
        /// The transaction is over for the client, whose COMMIT failed; so it must be for the server.
        case endTransaction
        /// The error of a unit that was applied.
        case refuse(SQLError, window: Int, message: MessageInPassing)
    }

    var requests = PostgresDecoder(.request)
    var answers = PostgresDecoder(.response)
    var session = PostgresSession()
    var open: [Open] = []
    /// Exchanges so far.
    var count = 0
    /// The operative message that is held.
    var heldRequest: (piece: PostgresDecoder.Piece, unit: PostgresSession.Unit)?
    var heldAnswer: (piece: PostgresDecoder.Piece, answer: PostgresSession.Answer)?
    /// Bytes of what prepares the unit that comes next.
    var partBytes = 0
    /// The latest Bind, for it to be sent again; `nil` when nobody would want that.
    var bind: (portal: String, bytes: [UInt8])?
    /// What the client sends goes nowhere, up to a Sync.
    var dropsToSync = false
    /// The rest of the client's present message goes nowhere, or the server's.
    var dropsRequest = false
    var dropsAnswer = false
    /// The client must wait, from the end of its present message or from its Sync on, for the next ReadyForQuery.
    var pausesAfterMessage = false
    var pausesAtSync = false
    var atReady: AtReady?

    var openCalls: Int { open.count }

    var owesAnswers: Bool {
        atReady != nil || dropsToSync
            || open.contains { if case .pass = $0.treatment { false } else { true } }
    }

    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int? {
        half.pointee.direction == .request
            ? connection.consumeRequests(half, self, bytes) : connection.consumeAnswers(half, self, bytes)
    }

    func ended(_ direction: Direction, of connection: Connection) {}

    func cutShort(_ half: Connection.HalfPointer) {}

    /// The unit of an exchange whose answer has come to its turn. Those before it were skipped by the server.
    func unit(answering exchange: Int) -> Open? {
        guard let index = open.firstIndex(where: { $0.exchange == exchange }) else { return nil }
        if index > 0 { open.removeFirst(index) }
        return open[0]
    }

    func close(_ exchange: Int) {
        if open.first?.exchange == exchange { open.removeFirst() }
    }

    /// The server is ready. What it has not answered by then, of all that it was sent, it has skipped.
    func becameReady() {
        atReady = nil
        if session.isIdle { open = [] }
    }
}
