import Faults
import Reactor
import Wire

/// What a `bolt` link keeps of one connection.
///
/// Errors that a fault wants are the server's own: it gets a query that fails in the place of the client's message, or behind
/// it, so it is as failed as the client believes it to be, and answers IGNORED by itself until RESET. Only the wording is
/// changed on the way back.
final class BoltFlow: MessageFlow {
    /// How a unit is answered.
    enum Treatment {
        case pass
        /// The server got a query that fails in its place; its error is worded anew.
        case refused(BoltFailure)
        /// The server does it; when it has, the client shall hear an error. A window that must be told.
        case refusedAfter(BoltFailure, window: Int)
        /// The server has done it, and got a query that fails behind it, whose error comes in place of the last answer.
        case applied(BoltFailure, window: Int)
        /// Its query shall be sent again when the server has answered it.
        case twice(window: Int)
        /// Its query was sent again; the client gets the last answer to the first when that is answered too.
        case again(last: [UInt8])

        var isPass: Bool { if case .pass = self { true } else { false } }

        /// Whether something is to be sent behind the unit, so that what the client sends must wait.
        var isBarrier: Bool {
            switch self {
            case .refusedAfter, .twice: true
            default: false
            }
        }
    }

    /// A unit that is sent, and not answered whole yet.
    struct Open {
        var exchange: Int
        var unit: BoltSession.Unit
        var treatment: Treatment
        /// The window that has it answered so, 0 where the answer is the server's.
        var window = 0
        /// Messages of it that the server has yet to answer. With none, it is the client's turn to ask for more.
        var outstanding = 1
        /// Its answer, when that has begun, and what was decided on it.
        var answer: MessageInPassing?
        var decision = Decision()
    }

    var requests = BoltDecoder(.request)
    var answers = BoltDecoder(.response)
    var session = BoltSession()
    var open: [Open] = []
    /// Exchanges so far.
    var count = 0
    /// The client's message that waits: held by a window, when its unit is known, else for the link to have done something.
    var waiting: (piece: BoltDecoder.Piece, unit: BoltSession.Unit?)?
    var heldAnswer: (piece: BoltDecoder.Piece, answer: BoltSession.Answer)?
    /// The unit behind which the link will send something; 0 for none.
    var barrier = 0
    /// A query that is to be sent again, as far as it has passed; `nil` when there is none.
    var copy: [UInt8]?
    var copyMax = 0
    /// The unit whose answer is lost: nothing passes from its beginning on. 0 for none.
    var lost = 0
    /// The rest of the server's present message goes nowhere.
    var dropsAnswer = false

    var openCalls: Int { open.count { $0.outstanding > 0 } }

    var owesAnswers: Bool { lost != 0 || open.contains { !$0.treatment.isPass } }

    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int? {
        half.pointee.direction == .request
            ? connection.consumeRequests(half, self, bytes) : connection.consumeAnswers(half, self, bytes)
    }

    func ended(_ direction: Direction, of connection: Connection) {
        guard direction == .response else { return }
        // Nobody answers any more: what waits for that waits no longer.
        open = []
        connection.request.pointee.isPaused = false
    }

    func cutShort(_ half: Connection.HalfPointer) {
        if half.pointee.direction == .response { open = [] }
    }

    func index(of exchange: Int) -> Int? {
        exchange == 0 ? nil : open.firstIndex { $0.exchange == exchange }
    }

    func close(_ exchange: Int) {
        open.removeAll { $0.exchange == exchange }
        if barrier == exchange { (barrier, copy) = (0, nil) }
    }

    /// Tells the client's decoder what the server has answered to the handshake, as soon as both have come; whether it did.
    func agree() -> Bool {
        guard requests.awaitsAgreement, let agreement = answers.agreement else { return false }
        requests.agree(on: agreement)
        noteVersion()
        return true
    }

    func noteVersion() {
        if case .version(let version)? = requests.agreement { session.version = version }
    }
}
