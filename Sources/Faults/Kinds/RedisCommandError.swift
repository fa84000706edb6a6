import Wire

/// Redis refuses with an error of the user's choice.
struct RedisCommandError: Fault {
    static let kind = "redis-error"
    static let summary = """
        the command is not applied, or with 'after-apply' it is; it is answered with this error, and within MULTI the \
        transaction fails as it would; where no 'operation' is named it strikes what such a server refuses: READONLY, \
        OOM, MISCONF and NOREPLICAS writes, LOADING and MASTERDOWN what is not taken then, others all but what sets a \
        connection up
        """
    static let strike = "a command that was answered so; with 'after-apply', one that had succeeded"
    static let protocols = [LinkProtocol.redis]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [
        .required(
            "prefix", "a word in capitals", "READONLY",
            "the error's code: LOADING, READONLY, OOM, BUSY, MASTERDOWN, CLUSTERDOWN, MISCONF, NOREPLICAS, ..."),
        .optional("message", "text", "no", or: "the server's own words", "what the error says behind the code"),
        .optional("after-apply", "true or false", "true", or: "false", "whether the command is applied before"),
    ]
    static let example = "{ prefix: READONLY }"
    static let exampleSection = section(on: "redis", when: "{ operation: SET, first: 2 }")

    let error: RedisErrorReply
    let isApplied: Bool

    init(spec: inout Spec) throws(SpecError) {
        error = RedisErrorReply(
            prefix: try spec.required("prefix", .redisPrefix), message: try spec.optional("message", .name))
        isApplied = try spec.optional("after-apply", .bool) ?? false
    }

    /// By the server's own rules: it is READONLY for writes alone.
    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .redis(answering: error.prefix) }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        isApplied ? .replyAfter(.redis(error)) : .reply(.redis(error))
    }
}

extension SpecType where Value == String {
    fileprivate static var redisPrefix: SpecType {
        .scalar("an error's code", example: "READONLY", mend: "it is a word in capitals, such as LOADING or OOM") {
            $0.wholeMatch(of: /[A-Z][A-Z0-9]*/) != nil ? $0 : nil
        }
    }
}
