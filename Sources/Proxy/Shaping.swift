import Faults
import Reactor

/// In what shape the bytes of one message are to leave, and how far that has come.
final class Shaping {
    private(set) var shape: Shape
    let message: MessageInPassing
    /// Bytes of the present piece that are still to leave; `nil` before the first piece.
    var pieceLeft: Int?
    /// The size of the message's first piece: a longer message is sliced.
    var firstPiece: Int?
    /// Bytes of the message that were let into the queue.
    var bytesQueued = 0
    /// Windows that have changed something of this message.
    private var proven: [Int] = []

    init(_ shape: Shape, of message: MessageInPassing) {
        self.shape = shape
        self.message = message
    }

    /// The first that slices, and the slowest.
    var slice: Shape.Slice? { shape.slices.first }
    var pace: Shape.Pace? { shape.paces.min { $0.bytesPerSecond < $1.bytesPerSecond } }

    /// Whether this is the first thing that the window has changed of the message.
    func prove(_ window: Int) -> Bool {
        guard !proven.contains(window) else { return false }
        proven.append(window)
        message.claim(by: window)
        return true
    }

    /// Windows that are over shape no more of what waits.
    ///
    /// - Returns: whether there were any.
    func release(_ isOpen: (Int) -> Bool) -> Bool {
        let former = shape
        shape.slices.removeAll { !isOpen($0.window) }
        shape.paces.removeAll { !isOpen($0.window) }
        shape.corruptions.removeAll { !isOpen($0.window) }
        return shape != former
    }
}

/// Where shaped bytes of a half leave: what lasts from message to message.
final class Outlet {
    /// Nothing that is shaped leaves before this.
    var opensAt = Nanoseconds.zero
    /// Bytes that the pacer has let pass and that have not left yet.
    var granted = 0
    var pacer: Pacer?
    var corruptions: [Int: ByteCorruption] = [:]
    var pieceSizes: [Int: PieceSizes] = [:]
}
