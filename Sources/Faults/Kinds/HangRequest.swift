import Wire

/// The client waits for what nobody works on.
struct HangRequest: Fault {
    static let kind = "hang-request"
    static let summary = """
        the request never reaches the service, and the client waits; when the window is over the connection is reset
        """
    static let strike = "a request that was held for good"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .hang }
}
