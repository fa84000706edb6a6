import Wire

/// The service never hears of it.
struct LoseRequest: Fault {
    static let kind = "lose-request"
    static let summary = "the request never reaches the service, which does not apply it, and the connection is reset"
    static let strike = "a request that was lost"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .lose }
}
