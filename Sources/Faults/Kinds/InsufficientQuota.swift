import Wire

/// The money is gone: an error that looks like a rate limit, and that no waiting mends.
struct InsufficientQuota: Fault {
    static let kind = "insufficient-quota"
    static let summary = """
        the request is not applied; OpenAI answers 429 with the code insufficient_quota, on which trying again is no use
        """
    static let strike = "a request that was answered so"
    static let protocols = [LinkProtocol.http]
    static let services: [Service]? = [.openai]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let example = "{}"

    init(spec: inout Spec) throws(SpecError) {}

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        .reply(
            .http(status: 429, headers: [Reply.Header("Content-Type", "application/json")], body: Self.body))
    }

    /// As OpenAI's guide to error codes words it.
    private static let body = """
        {"error":{"message":"You exceeded your current quota, please check your plan and billing details.",\
        "type":"insufficient_quota","param":null,"code":"insufficient_quota"}}
        """
}
