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
    /// - Throws: the last try's `AttemptFailure`.
    package func run<Value: Sendable>(
        _ activity: Activity, document: String, log: AttemptLog, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let policy = policies[activity]
        var failed = 0
        while true {
            log.began(activity)
            do {
                return try await withTimeLimit(policy.startToClose, clock: clock, work)
            } catch {
                let failure = AttemptFailure(error, in: activity)
                log.failed(failure)
                failed += 1
                let chance = SplitMix64.unit(seed: seed, document, activity.name, String(failed))
                guard failure.isTransient, !Task.isCancelled,
                    let wait = policy.retry.wait(afterFailed: failed, retryAfter: failure.retryAfter, chance: chance)
                else { throw failure }
                do { try await clock.sleep(for: wait) } catch { throw failure }
            }
        }
    }
}
