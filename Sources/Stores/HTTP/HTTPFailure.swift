internal import Glibc

extension HTTPResponse {
    /// This answer as an error, by its status and headers. The service's own code and message come from its body.
    func failure(of request: HTTPRequest, code: String? = nil, message: String? = nil) -> StoreError {
        let text = message ?? String(text.prefix(500))
        return StoreError(
            service: request.service, operation: request.operation, outcome: outcome, isTransient: isTransient,
            code: code ?? String(status), message: "HTTP \(status)\(text.isEmpty ? "" : ": \(text)")",
            retryAfter: retryAfter())
    }

    /// A 5xx may come after the work is done, but for those that say nobody took it up.
    private var outcome: StoreError.Outcome {
        switch status {
        case 408: .indefinite
        case 501, 503, 507: .definite
        case 500...: .indefinite
        default: .definite
        }
    }

    private var isTransient: Bool {
        switch status {
        case 408, 425, 429: true
        case 501, 505: false
        default: status >= 500
        }
    }

    /// What the server asks to wait: `retry-after-ms`, `x-amz-retry-after` (ms), or `retry-after` in seconds or as a date.
    func retryAfter(now: Int = time(nil)) -> Duration? {
        for name in ["retry-after-ms", "x-amz-retry-after"] {
            if let milliseconds = self[header: name].flatMap({ Double($0) }), Self.isSane(milliseconds / 1000) {
                return .seconds(milliseconds / 1000)
            }
        }
        guard let value = self[header: "retry-after"] else { return nil }
        if let seconds = Double(value) { return Self.isSane(seconds) ? .seconds(seconds) : nil }
        return Self.date(value).map { .seconds(max(0, $0 - now)) }
    }

    /// Seconds since 1970 of an IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    private static func date(_ text: String) -> Int? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let match = text.wholeMatch(of: /\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT/),
            let day = Int32(match.1), let month = months.firstIndex(of: String(match.2)), let year = Int32(match.3),
            let hour = Int32(match.4), let minute = Int32(match.5), let second = Int32(match.6)
        else { return nil }
        var parts = tm()
        parts.tm_year = year - 1900
        parts.tm_mon = Int32(month)
        parts.tm_mday = day
        parts.tm_hour = hour
        parts.tm_min = minute
        parts.tm_sec = second
        return timegm(&parts)
    }

    private static func isSane(_ seconds: Double) -> Bool { seconds >= 0 && seconds < 1e9 }
}
