import Wire

/// It was done, and the client doesn't know.
struct LoseResponse: Fault {
    static let kind = "lose-response"
    static let summary = """
        the service applies the request; its answer is awaited whole and thrown away, and the connection is reset
        """
    static let strike = "an answer that was lost"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .response
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .lose }
}
