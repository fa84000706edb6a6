/// So many requests in a time: a token bucket that begins full and is refilled evenly.
package struct Quota: Hashable, Sendable {
    /// What a request gets of it.
    package struct Grant: Hashable, Sendable {
        package var isAllowed: Bool
        /// Requests that are left now.
        package var remaining: Int
        /// How long until one more is allowed; zero while some are left.
        package var next: Duration
        /// How long until all are allowed again.
        package var whole: Duration

        package init(isAllowed: Bool, remaining: Int, next: Duration, whole: Duration) {
            self.isAllowed = isAllowed
            self.remaining = remaining
            self.next = next
            self.whole = whole
        }
    }

    package let limit: Int
    /// How long one request's refilling takes.
    private let interval: Duration

    /// - Parameters:
    ///   - limit: from 1.
    ///   - period: in which an empty quota becomes whole; above zero.
    package init(limit: Int, per period: Duration) {
        self.limit = limit
        interval = period / limit
    }

    /// Takes one request from the quota if there is one.
    ///
    /// - Parameter wholeAt: when the quota is whole again; all that there is to remember of it.
    package func take(_ wholeAt: inout Duration, at now: Duration) -> Grant {
        let missing = max(wholeAt - now, .zero)
        let isAllowed = missing + interval <= interval * limit
        let debt = isAllowed ? missing + interval : missing
        wholeAt = now + debt
        let left = interval * limit - debt
        return Grant(
            isAllowed: isAllowed, remaining: Int(left.attoseconds / interval.attoseconds),
            next: max(interval - left, .zero), whole: debt)
    }
}
