import Faults
import Reactor
import Wire

/// What an `http` link keeps of one direction.
struct HTTPHalf {
    var decoder: HTTPDecoder
    var message: MessageInPassing?
    /// A head that is held: it was decoded and decided upon, and is still in the half's input.
    var heldPiece: HTTPDecoder.Piece?
    var heldDecision: Decision?
    /// A request's head that is kept back until its body is whole.
    var ahead: HTTPBodyAhead?
    /// When that head was there.
    var aheadTime = Nanoseconds.zero

    init(_ direction: Direction) { decoder = HTTPDecoder(direction) }
}
