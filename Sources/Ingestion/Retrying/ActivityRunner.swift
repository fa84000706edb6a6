/// Tries activities, by their policies. Clock and chance come from outside, so that tests need not wait.
package struct ActivityRunner: Sendable {
    package var policies: ActivityPolicies
    package var clock: any Clock<Duration>
    package var seed: UInt64

    package init(policies: ActivityPolicies, clock: any Clock<Duration> = ContinuousClock(), seed: UInt64 = 0) {
        self.policies = policies
        self.clock = clock
        self.seed = seed
    }

    /// - Parameters:
    ///   - document: keys the random part of waits, so that a seed gives a document the same waits in any interleaving.
    ///   - log: every try is entered here, whatever comes of it.
    ///   - chunks: of the document, as far as is known when a try begins; limits grow with it.
    /// - Throws: the last try's `AttemptFailure`; it may have landed when any of the tries may have.
    package func run<Value: Sendable>(
        _ activity: Activity, document: String, log: AttemptLog, chunks: @Sendable () -> Int = { 0 },
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let policy = policies[activity]
        let elapsed = Self.stopwatch(clock)
        var failed = 0
        var mayHaveLanded = false
        while true {
            let chunks = chunks()
            func left() -> Duration? { policy.scheduleToClose(chunks: chunks).map { $0 - elapsed() } }
            log.began(activity)
            do {
                return try await once(activity, chunks: chunks, left: left(), work)
            } catch {
                var failure = AttemptFailure(error, in: activity)
                log.failed(failure)
                failed += 1
                mayHaveLanded = mayHaveLanded || failure.mayHaveLanded
                failure.mayHaveLanded = mayHaveLanded
                guard !Task.isCancelled,
                    let wait = wait(after: failure, failed: failed, document: document, left: left())
                else { throw failure }
                do { try await clock.sleep(for: wait) } catch { throw failure }
            }
        }
    }

    /// One try, within the limits of one. A try that is left to its end is cut short by nothing but its own limit.
    /// - Parameter left: of the time for all tries; nil when they may take as long as they like.
    func once<Value: Sendable>(
        _ activity: Activity, chunks: Int, left: Duration?, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let startToClose = policies[activity].startToClose(chunks: chunks)
        guard !activity.isLeftToEnd else { return try await uninterrupted(within: startToClose, work) }
        return try await withTimeLimit([startToClose, left].compactMap { $0 }.min(), clock: clock, work)
    }

    /// The wait before the next try.
    /// - Parameters:
    ///   - failed: how many tries have failed, at least 1.
    ///   - left: of the time for all tries; nil when they may take as long as they like.
    /// - Returns: nil when there shall be none.
    func wait(after failure: AttemptFailure, failed: Int, document: String, left: Duration?) -> Duration? {
        let policy = policies[failure.activity]
        guard failure.isTransient || policy.outlastsRefusals else { return nil }
        let chance = SplitMix64.unit(seed: seed, document, failure.activity.name, String(failed))
        guard let wait = policy.retry.wait(afterFailed: failed, retryAfter: failure.retryAfter, chance: chance)
        else { return nil }
        return left.map { wait < $0 } ?? true ? wait : nil
    }

    /// Neither cancellation nor the limit of all tries takes a try along that is on its way.
    private func uninterrupted<Value: Sendable>(
        within limit: Duration?, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Task { [clock] in try await withTimeLimit(limit, clock: clock, work) }.value
    }

    /// The time since the call.
    private static func stopwatch(_ clock: some Clock<Duration>) -> () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
