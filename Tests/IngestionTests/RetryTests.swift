import Consistency
import Ingestion
import Stores
import Synchronization
import Testing

struct RetryTests {
    static let policy = RetryPolicy(attempts: 6, first: .seconds(1), factor: 2, cap: .seconds(5), jitter: 0)

    @Test func waitsGrowToTheCap() {
        let waits = (1...6).map { Self.policy.wait(afterFailed: $0, chance: 0.5) }
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5), nil])
    }

    @Test func jitterOnlyShortens() {
        var policy = Self.policy
        policy.jitter = 0.5
        #expect(policy.wait(afterFailed: 2, chance: 0) == .seconds(2))
        #expect(policy.wait(afterFailed: 2, chance: 0.5) == .milliseconds(1500))
    }

    @Test func retryAfterIsALowerBound() {
        #expect(Self.policy.wait(afterFailed: 1, retryAfter: .seconds(7), chance: 0) == .seconds(7))
        #expect(Self.policy.wait(afterFailed: 1, retryAfter: .milliseconds(1), chance: 0) == .seconds(1))
        #expect(Self.policy.wait(afterFailed: 1, retryAfter: .seconds(3600), chance: 0) == nil)
    }

    /// Fails with the given errors, one a try, then succeeds. Policies have no limit that the clock could reach first.
    private func run(
        _ errors: [any Error], activity: Activity = .embed, clock: InstantClock, log: AttemptLog = AttemptLog()
    ) async throws -> Int {
        let tries = Atomic(0)
        return try await RetryRunner.make(Self.policy, clock: clock).run(activity, document: "d", log: log) {
            let index = tries.wrappingAdd(1, ordering: .relaxed).oldValue
            if index < errors.count { throw errors[index] }
            return index + 1
        }
    }

    private static func failure(isTransient: Bool, retryAfter: Duration? = nil) -> StoreError {
        StoreError(
            service: "openai", operation: "Embeddings", outcome: .indefinite, isTransient: isTransient, code: "429",
            message: "slow down", retryAfter: retryAfter)
    }

    @Test func transientErrorsAreTriedAgain() async throws {
        let clock = InstantClock()
        let log = AttemptLog()
        let errors = [Self.failure(isTransient: true), Self.failure(isTransient: true, retryAfter: .seconds(9))]
        #expect(try await run(errors, clock: clock, log: log) == 3)
        #expect(clock.slept == [.seconds(1), .seconds(9)])
        #expect(log.attempts == [.embed: 3])
        #expect(log.failures.map(\.retryAfter) == [nil, .seconds(9)])
    }

    @Test func permanentErrorsAreNot() async throws {
        for error in [Self.failure(isTransient: false), IngestionError(.emptyText, "x")] as [any Error] {
            let clock = InstantClock()
            await #expect(throws: AttemptFailure.self) { try await run([error], clock: clock) }
            #expect(clock.slept == [])
        }
    }

    @Test func anUndoOutlastsThem() async throws {
        #expect(
            try await run([Self.failure(isTransient: false)], activity: .restore(.neo4j), clock: InstantClock()) == 2)
    }

    @Test func attemptsAreLimited() async throws {
        let clock = InstantClock()
        let log = AttemptLog()
        let errors = Array(repeating: Self.failure(isTransient: true), count: 50)
        let failure = await #expect(throws: AttemptFailure.self) { try await run(errors, clock: clock, log: log) }
        #expect(log.attempts == [.embed: 6])
        #expect(clock.slept.count == 5)
        #expect(failure?.reason == "Embeddings: slow down")
        #expect(failure?.code == "429")
    }

    @Test func onlyWritesLeaveDoubt() {
        let error = Self.failure(isTransient: true)
        #expect(!AttemptFailure(error, in: .download).mayHaveLanded)
        #expect(AttemptFailure(error, in: .write(.qdrant)).mayHaveLanded)
        #expect(AttemptFailure(TimeLimitExceeded(limit: .zero), in: .write(.redis)).mayHaveLanded)
        #expect(!AttemptFailure(IngestionError(.emptyText, "x"), in: .write(.redis)).mayHaveLanded)
    }

    @Test func aTryThatHangsIsCancelledAndRepeated() async throws {
        let log = AttemptLog()
        let runner = RetryRunner.make(Self.policy, startToClose: .seconds(30), clock: InstantClock())
        let failure = await #expect(throws: AttemptFailure.self) {
            try await runner.run(.write(.neo4j), document: "d", log: log) {
                // Only cancellation ends this.
                for await _ in AsyncStream<Void>.makeStream().stream {}
                try Task.checkCancellation()
            }
        }
        #expect(log.attempts == [.write(.neo4j): 6])
        #expect(failure?.code == "Timeout")
        #expect(failure?.mayHaveLanded == true)
    }

    @Test func waitsDependOnSeedAndDocumentOnly() async throws {
        func waits(seed: UInt64, document: String) async -> [Duration] {
            let clock = InstantClock()
            var runner = RetryRunner.make(RetryPolicy(attempts: 4, first: .seconds(1), cap: .seconds(9)), clock: clock)
            runner.seed = seed
            _ = try? await runner.run(.embed, document: document, log: AttemptLog()) {
                throw Self.failure(isTransient: true)
            }
            return clock.slept
        }
        let first = await waits(seed: 1, document: "a")
        #expect(first.count == 3)
        #expect(await waits(seed: 1, document: "a") == first)
        #expect(await waits(seed: 2, document: "a") != first)
        #expect(await waits(seed: 1, document: "b") != first)
    }
}

/// Runners whose activities all have the same limits.
enum RetryRunner {
    static func make(
        _ retry: RetryPolicy, startToClose: Duration? = nil, clock: InstantClock
    ) -> ActivityRunner {
        var policies = ActivityPolicies()
        let policy = ActivityPolicy(retry: retry, startToClose: startToClose)
        policies.embed = policy
        policies.write = policy
        return ActivityRunner(policies: policies, clock: clock)
    }
}
