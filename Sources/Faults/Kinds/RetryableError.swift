import Wire

/// The service says: try again.
struct RetryableError: Fault {
    static let kind = "error"
    static let summary = """
        the request is not applied; it is answered with the error on which the service's clients should try again, in its \
        own words
        """
    static let strike = "a request that was answered so"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    private(set) var ownOperations: OwnOperations?

    init(spec: inout Spec) throws(SpecError) {}

    func suited(to link: LinkTraits) -> Self {
        var suited = self
        suited.ownOperations = .refused(on: link.linkProtocol)
        return suited
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .reply(.refusal(.retryable)) }
}
