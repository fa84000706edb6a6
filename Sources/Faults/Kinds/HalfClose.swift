import Wire

/// One side hears that the other has nothing more to say.
struct HalfClose: Fault {
    static let kind = "half-close"
    static let summary = """
        in the message's place its receiver gets the end of the stream (FIN), and all that its sender sends from then on \
        is thrown away; the other direction goes on
        """
    static let strike = "a message in whose place its direction ended"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = .request
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .halfClose }
}
