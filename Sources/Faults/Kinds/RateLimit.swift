import Wire

/// The service takes so many requests in a time.
struct RateLimit: Fault {
    static let kind = "rate-limit"
    static let summary = """
        beyond so many requests in a time each is answered with 429 (S3: 503 SlowDown) and told how long to wait, and is \
        not applied; below it, answers tell what is left (x-ratelimit-*); one quota for the link, which begins whole and is \
        refilled evenly
        """
    static let strike = "a request that was refused"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [
        .required("limit", "count", "60", "how many requests"),
        .required("per", "time", "1m", "in which time"),
        .optional(
            "retry-after", "time", "5s", or: "until the next request is allowed",
            "how long a refused client is told to wait"
        ),
    ]
    static let example = "{ limit: 60, per: 1m }"
    static let exampleSection = section(on: "openai", when: nil)

    let quota: Quota
    let retryAfter: Duration?
    /// With which the service says that it is asked too often.
    private(set) var status = 429

    init(spec: inout Spec) throws(SpecError) {
        let limit = try spec.required("limit", .int(in: 1...1_000_000))
        quota = Quota(limit: limit, per: try spec.required("per", .durationAboveZero))
        retryAfter = try spec.optional("retry-after", .durationAboveZero)
    }

    func suited(to link: LinkTraits) -> RateLimit {
        var suited = self
        suited.status = link.service == .s3 ? 503 : 429
        return suited
    }

    func act(
        on message: Message, memory: inout FaultMemory, at elapsed: Duration, random: inout SeededRandom
    ) -> Intent? {
        let grant = quota.take(&memory.quotaWholeAt, at: elapsed)
        let state = [
            Reply.Header("x-ratelimit-limit-requests", "\(quota.limit)"),
            Reply.Header("x-ratelimit-remaining-requests", "\(grant.remaining)"),
            Reply.Header("x-ratelimit-reset-requests", grant.whole.inShortWords),
        ]
        guard !grant.isAllowed else { return .editAnswer(state.map { .setHeader($0.name, to: $0.value) }) }
        let wait = retryAfter ?? grant.next
        let told = [
            Reply.Header("retry-after", "\(wait.roundedUp(to: .seconds(1)))"),
            Reply.Header("retry-after-ms", "\(wait.roundedUp(to: .milliseconds(1)))"),
        ]
        return .reply(.http(status: status, headers: told + state, body: nil))
    }
}

extension Duration {
    /// How many units it is, a part of one counted as one.
    fileprivate func roundedUp(to unit: Duration) -> Int {
        Int((attoseconds + unit.attoseconds - 1) / unit.attoseconds)
    }

    /// As OpenAI writes durations: `12ms`, `1s`, `8.64s`, `6m0s`, `1h0m0s`. Milliseconds are rounded up.
    fileprivate var inShortWords: String {
        let milliseconds = roundedUp(to: .milliseconds(1))
        guard milliseconds >= 1000 else { return milliseconds == 0 ? "0s" : "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        var seconds = "\(rest / 1000)"
        if rest % 1000 > 0 {
            var fraction = String("\(1000 + rest % 1000)".dropFirst())
            while fraction.last == "0" { fraction.removeLast() }
            seconds += ".\(fraction)"
        }
        switch minutes {
        case 0: return "\(seconds)s"
        case ..<60: return "\(minutes)m\(seconds)s"
        default: return "\(minutes / 60)h\(minutes % 60)m\(seconds)s"
        }
    }
}
