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
            let allowance = policy.perChunk * chunks()
            func left() -> Duration? { policy.scheduleToClose.map { $0 + allowance - elapsed() } }
            let startToClose = policy.startToClose.map { $0 + allowance }
            log.began(activity)
            do {
                guard !activity.isLeftToEnd else { return try await uninterrupted(within: startToClose, work) }
                let limit = [startToClose, left()].compactMap { $0 }.min()
                return try await withTimeLimit(limit, clock: clock, work)
            } catch {
                var failure = AttemptFailure(error, in: activity)
                log.failed(failure)
                failed += 1
                mayHaveLanded = mayHaveLanded || failure.mayHaveLanded
                failure.mayHaveLanded = mayHaveLanded
                let chance = SplitMix64.unit(seed: seed, document, activity.name, String(failed))
                guard failure.isTransient || policy.outlastsRefusals, !Task.isCancelled,
                    let wait = policy.retry.wait(afterFailed: failed, retryAfter: failure.retryAfter, chance: chance),
                    left().map({ wait < $0 }) ?? true
                else { throw failure }
                do { try await clock.sleep(for: wait) } catch { throw failure }
            }
        }
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
