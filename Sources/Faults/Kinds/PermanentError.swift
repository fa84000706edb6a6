import Wire

/// The service says: never.
struct PermanentError: Fault {
    static let kind = "permanent-error"
    static let summary = """
        the request is not applied; it is answered with an error on which trying again is no use, in the service's own words
        """
    static let strike = "a request that was answered so"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .refused(on: link) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .reply(.refusal(.permanent)) }
}
