import Reactor
import Wire

/// What an `http` link keeps of one connection.
final class HTTPFlow: MessageFlow {
    /// What it keeps of one direction.
    struct Way {
        var decoder: HTTPDecoder
        /// A head that is held: it was decoded and decided upon, and is still in the half's input.
        var heldPiece: HTTPDecoder.Piece?
        /// A request's head that is kept back until its body is whole.
        var ahead: HTTPBodyAhead?
        /// When that head was there.
        var aheadTime = Nanoseconds.zero

        init(_ direction: Direction) { decoder = HTTPDecoder(direction) }
    }

    var request = Way(.request)
    var response = Way(.response)
    var exchanges: [HTTPExchange] = []
    /// Requests so far.
    var count = 0

    var openCalls: Int { exchanges.count }

    var owesAnswers: Bool { exchanges.contains { $0.ownAnswer != nil || $0.replacement != nil || $0.isSecond } }

    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int? {
        connection.consumeHTTP(half, self, bytes)
    }

    func ended(_ direction: Direction, of connection: Connection) {
        if direction == .request { connection.requestsEnded(self) } else { connection.answersEnded(self) }
    }

    func cutShort(_ half: Connection.HalfPointer) {
        if half.pointee.direction == .request {
            exchanges.removeLast()
        } else if !exchanges.isEmpty {
            exchanges.removeFirst()
        }
    }

    /// A request's key is known now; its answer, if that has begun, shall have it too.
    func tell(_ exchange: Int, key: String, answer: MessageInPassing?) {
        if let index = exchanges.lastIndex(where: { $0.number == exchange }) { exchanges[index].key = key }
        if let answer, answer.exchange == exchange { answer.key = key }
    }
}
