import Wire

/// S3 fails, and nobody knows how far it came.
struct InternalError: Fault {
    static let kind = "internal-error"
    static let summary = "S3 answers 500 InternalError, which says nothing of whether the request was applied"
    static let strike = "a request that was answered so; with 'applied: true', one that had succeeded"
    static let protocols = [LinkProtocol.http]
    static let services: [Service]? = [.s3]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [
        .optional("applied", "true or false", "true", or: "false", "whether the request is applied all the same")
    ]
    static let example = "{ applied: true }"

    let isApplied: Bool

    init(spec: inout Spec) throws(SpecError) { isApplied = try spec.optional("applied", .bool) ?? false }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        let reply = Reply.http(status: 500, headers: [], body: nil)
        return isApplied ? .replyAfter(reply) : .reply(reply)
    }
}
