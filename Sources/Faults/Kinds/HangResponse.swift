import Wire

/// The client waits for an answer that is there.
struct HangResponse: Fault {
    static let kind = "hang-response"
    static let summary = """
        the service applies the request, its answer never arrives, and the client waits; when the window is over the \
        connection is reset
        """
    static let strike = "an answer that was held for good"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .response
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .hang }
}
