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

    init(spec: inout Spec) throws(SpecError) {}

    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .refused(on: link) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .reply(.refusal(.retryable)) }
}
