import Wire

/// The service did it, and says that it did not.
struct ErrorAfterApply: Fault {
    static let kind = "error-after-apply"
    static let summary = """
        the service applies the request; in place of its answer comes the error on which its clients should try again
        """
    static let strike = "a request that had succeeded and was answered so"
    static let protocols = LinkProtocol.withMessages
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .refused(on: link) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .replyAfter(.refusal(.retryable)) }
}
