package import Wire

/// One kind of damage with its attributes. It decides what shall happen to a message and never does it itself: no socket,
/// no clock, no sleeping. The link carries the intent out, in the words of its protocol.
package protocol Fault: Sendable {
    /// The name in YAML, in the reference and in reports.
    static var kind: String { get }
    /// One line for the reference.
    static var summary: String { get }
    /// The protocols whose links can express it.
    static var protocols: [LinkProtocol] { get }
    /// What it strikes.
    static var target: FaultTarget { get }
    /// The direction that it strikes when the selector names none; `nil` is both.
    static var direction: Direction? { get }
    /// The attributes as one would write them, for the reference and for error messages.
    static var example: String { get }

    init(spec: inout Spec) throws(SpecError)

    /// What shall happen to a message that the selector let through; `nil` where the fault would change nothing, which is
    /// no strike. Never asked of a fault that strikes listeners.
    func act(on message: Message, random: inout SeededRandom) -> Intent?
}

extension Fault {
    package static var target: FaultTarget { .messages }
}

/// What a fault strikes.
package enum FaultTarget: Hashable, Sendable {
    case messages
    /// The sockets that a link listens on; they refuse connections while its window is open.
    case listeners
}

/// What shall happen to a message.
package enum Intent: Hashable, Sendable {
    /// Later messages queue behind it, and the end of the stream too.
    case delay(Duration)
    /// Nothing passes until the window is over, in this direction, from this message on.
    case hold
    /// The head is changed on its way.
    case edit(HeadEdit)
    /// The request is not applied; the client gets this answer.
    case reply(Reply)
    /// So many bytes of the message pass, then both sides get RST; without a number none does.
    case reset(after: Int?)
    /// The head passes as it is and so many bytes of the body, then the connection ends in order.
    case truncate(after: Int)
}
