package import Wire

/// One kind of damage with its attributes. It decides what shall happen to a message and never does it itself: no socket,
/// no clock, no sleeping. The link carries the intent out, in the words of its protocol.
package protocol Fault: Hashable, Sendable {
    /// The name in YAML, in the reference and in reports.
    static var kind: String { get }
    /// One line for the reference.
    static var summary: String { get }
    /// What counts as one strike, for the reference.
    static var strike: String { get }
    /// The protocols whose links can express it.
    static var protocols: [LinkProtocol] { get }
    /// The services whose links can express it; `nil` is any.
    static var services: [Service]? { get }
    /// What it strikes.
    static var target: FaultTarget { get }
    /// The direction that it strikes when the selector names none; `nil` is both.
    static var direction: Direction? { get }
    /// Whether a selector may name a direction; all that strike messages have one.
    static var takesDirection: Bool { get }
    /// The protocols on which it strikes its own direction alone.
    static var oneWayOn: [LinkProtocol] { get }
    /// Whether a strike breaks anything; one that doesn't is no evidence that something was broken.
    static var isDamage: Bool { get }
    /// Whether it changes bodies, which it cannot where they are compressed.
    static var rewritesBodies: Bool { get }
    /// Its options, for the reference.
    static var attributes: [FaultAttribute] { get }
    /// The attributes as one would write them, for the reference and for error messages.
    static var example: String { get }
    /// A whole `faults:` section that injects it, for the reference.
    static var exampleSection: String { get }

    init(spec: inout Spec) throws(SpecError)

    /// The operations that it strikes where the selector names none; `nil` is all.
    func ownOperations(on link: LinkProtocol) -> OwnOperations?

    /// The same fault as the link's service would have it.
    func suited(to link: LinkTraits) -> Self

    /// What shall happen to a message that the selector let through; `nil` where the fault would change nothing, which is
    /// no strike. Asked of faults that strike messages.
    func act(on message: Message, random: inout SeededRandom) -> Intent?

    /// The same for faults that remember what they were asked about before.
    ///
    /// - Parameters:
    ///   - memory: the window's.
    ///   - elapsed: since the plan was put in force.
    func act(
        on message: Message, memory: inout FaultMemory, at elapsed: Duration, random: inout SeededRandom
    ) -> Intent?

    /// What shall happen to a connection that the selector let through; `nil` where nothing shall. Asked of faults that
    /// strike connections.
    func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent?

    /// When the listening sockets refuse. Asked of faults that strike listeners.
    var outage: Outage { get }

    /// What is done to a process. Asked of faults that strike processes.
    var processAction: ProcessAction? { get }
}

extension Fault {
    package static var services: [Service]? { nil }
    package static var target: FaultTarget { .messages }
    package static var takesDirection: Bool { target == .messages }
    package static var oneWayOn: [LinkProtocol] { [] }
    package static var isDamage: Bool { true }
    package static var rewritesBodies: Bool { false }
    package static var attributes: [FaultAttribute] { [] }
    package func ownOperations(on link: LinkProtocol) -> OwnOperations? { nil }
    package func suited(to link: LinkTraits) -> Self { self }
    package func act(on message: Message, random: inout SeededRandom) -> Intent? { nil }
    package func act(
        on message: Message, memory: inout FaultMemory, at elapsed: Duration, random: inout SeededRandom
    ) -> Intent? { act(on: message, random: &random) }
    package func act(on connection: ConnectionInSight, random: inout SeededRandom) -> ConnectionIntent? { nil }
    package var outage: Outage { Outage() }
    package var processAction: ProcessAction? { nil }
}

/// What a fault strikes.
package enum FaultTarget: String, Hashable, Sendable, CaseIterable {
    /// Each message of its own; on a `tcp` link a message is a chunk of bytes.
    case messages
    /// Each connection once: when it is accepted, or, if it is open by then, when the window opens.
    case connections
    /// The sockets that a link listens on; they refuse connections while its window is open.
    case listeners
    /// Processes, at a time or at a message on a link.
    case processes
}
