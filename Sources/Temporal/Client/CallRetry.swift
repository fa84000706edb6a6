/// How often a call to Temporal is made, and the waits in between: the rule of Temporal's own clients, which wait
/// 100 ms first, half as long again each time, at most 5 s, and give up after 10 s in all. A server that has no capacity is
/// given a second at least.
struct CallRetry: Hashable, Sendable {
    var first = Duration.milliseconds(100)
    var factor = 1.5
    var cap = Duration.seconds(5)
    var total = Duration.seconds(10)

    /// - Parameters:
    ///   - failed: how many tries have failed, at least 1.
    ///   - elapsed: since the first try began.
    /// - Returns: nil when there shall be no further try.
    func wait(afterFailed failed: Int, of error: TemporalError, elapsed: Duration) -> Duration? {
        guard error.isTransient else { return nil }
        var wait = first
        for _ in 1..<max(failed, 1) where wait < cap { wait = wait * factor }
        wait = min(wait, cap)
        if error.code == .resourceExhausted { wait = max(wait, .seconds(1)) }
        return elapsed + wait < total ? wait : nil
    }
}
