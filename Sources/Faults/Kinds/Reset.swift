import Wire

/// The connection breaks.
struct Reset: Fault {
    static let kind = "reset"
    static let summary = "the connection is reset on both sides when the message arrives, and the message is lost"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = .request
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent { .reset }
}
