/// How often an activity is tried, and how long it waits in between.
package struct RetryPolicy: Hashable, Sendable, Codable {
    /// All tries, the first included.
    package var attempts: Int
    /// The wait before the second try.
    package var first: Duration
    /// What each wait is longer than the one before.
    package var factor: Double
    /// No back-off is longer.
    package var cap: Duration
    /// Share of a wait that is left to chance, 0 to 1: a wait of d is drawn from (1 - jitter) x d to d.
    package var jitter: Double
    package var retryAfter = RetryAfter.honoured

    /// What becomes of a service's wish for a wait.
    package enum RetryAfter: String, Hashable, Sendable, Codable {
        /// Waits at least so long.
        case honoured
        case ignored
        /// Seconds are taken for milliseconds.
        case misread
    }

    package init(attempts: Int, first: Duration, factor: Double = 2, cap: Duration, jitter: Double = 0.5) {
        precondition(attempts >= 1 && factor >= 1 && (0...1).contains(jitter))
        self.attempts = attempts
        self.first = first
        self.factor = factor
        self.cap = cap
        self.jitter = jitter
    }

    /// A service that asks for more patience than this is given up on.
    package static let retryAfterMax = Duration.seconds(60)

    /// The wait after a failed try.
    ///
    /// - Parameters:
    ///   - failed: how many tries have failed, at least 1.
    ///   - retryAfter: the wait that the service asked for; the answer is never shorter.
    ///   - chance: uniform in 0..<1.
    /// - Returns: nil when there shall be no further try.
    package func wait(afterFailed failed: Int, retryAfter: Duration? = nil, chance: Double) -> Duration? {
        guard failed < attempts else { return nil }
        let retryAfter = understood(retryAfter)
        if let retryAfter, retryAfter > Self.retryAfterMax { return nil }
        var wait = first
        for _ in 1..<max(failed, 1) where wait < cap { wait = wait * factor }
        let backOff = min(wait, cap) * (1 - jitter * chance)
        return max(backOff, retryAfter ?? .zero)
    }

    private func understood(_ asked: Duration?) -> Duration? {
        switch retryAfter {
        case .honoured: asked
        case .ignored: nil
        case .misread: asked.map { $0 / 1000 }
        }
    }
}
