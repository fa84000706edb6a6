import Wire

/// How a connection's bytes are taken apart into messages of its protocol, and what becomes of each. It lives as long as the
/// connection makes sense; without one, a connection is bytes.
protocol MessageFlow: AnyObject {
    /// Takes bytes of a half: what it has kept and what is new.
    ///
    /// - Returns: how many it has dealt with, passed on or not; the half keeps the rest, and gives it again with what comes
    ///   next, or when it is held no longer. `nil` when the connection is over.
    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int?

    /// A side has sent its last byte.
    func ended(_ direction: Direction, of connection: Connection)

    /// A message goes nowhere, and its direction is over: nobody waits for its answer, or for it.
    func cutShort(_ half: Connection.HalfPointer)

    /// Requests that the service has got, or the link, and that have no whole answer.
    var openCalls: Int { get }

    /// Whether what a side sends next is to become something else, or go nowhere: then nothing can be made of bytes that make
    /// no sense.
    var owesAnswers: Bool { get }
}
