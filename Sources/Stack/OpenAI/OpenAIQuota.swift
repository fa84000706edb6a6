/// The quota that answers tell of. The stand-in never refuses for it: that is for the `rate-limit` fault.
enum OpenAIQuota {
    static let requestsPerMinute = 10_000
    static let tokensPerMinute = 10_000_000

    /// `x-ratelimit-*` as if this request were the only one of its minute.
    static func headers(tokens: Int) -> [(name: String, value: String)] {
        [
            ("x-ratelimit-limit-requests", "\(requestsPerMinute)"),
            ("x-ratelimit-limit-tokens", "\(tokensPerMinute)"),
            ("x-ratelimit-remaining-requests", "\(requestsPerMinute - 1)"),
            ("x-ratelimit-remaining-tokens", "\(max(0, tokensPerMinute - tokens))"),
            ("x-ratelimit-reset-requests", duration(milliseconds: 60_000 / requestsPerMinute)),
            ("x-ratelimit-reset-tokens", duration(milliseconds: tokens * 60_000 / tokensPerMinute)),
        ]
    }

    /// `12ms`, `1.5s`, `6m0s`: durations as the API writes them.
    static func duration(milliseconds: Int) -> String {
        guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
        let minutes = milliseconds / 60_000
        let rest = milliseconds % 60_000
        var fraction = String(String(1000 + rest % 1000).dropFirst())
        while fraction.last == "0" { fraction.removeLast() }
        let seconds = "\(rest / 1000)" + (fraction.isEmpty ? "" : ".\(fraction)") + "s"
        return minutes > 0 ? "\(minutes)m\(seconds)" : seconds
    }
}
