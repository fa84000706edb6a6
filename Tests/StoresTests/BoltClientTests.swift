import Stores
import Testing
import Wire

@Suite struct BoltClientTests {
    let servers: Servers
    let label = Servers.unique("L")

    init() throws {
        servers = try Servers()
    }

    private func relay(_ trap: Relay.Trap = .none) throws -> Relay {
        try Relay(upstream: Servers.port(of: servers.endpoints.neo4j), trap: trap)
    }

    private func client(_ relay: Relay, _ timeouts: Timeouts = .standard) -> BoltClient {
        BoltClient(endpoint: Servers.through(relay, servers.endpoints.neo4j), connections: 1, timeouts: timeouts)
    }

    private func count() async throws -> Int? {
        try await servers.neo4j.run("MATCH (n:\(label)) RETURN count(n) AS n").records[0][0].int
    }

    @Test func valuesGoThereAndBack() async throws {
        let values: [BoltValue] = [
            .null, true, 0, -16, -17, 127, 128, -32_769, 70_000, 5_000_000_000, .double(2.5), "naïve ☃",
            ["a", 1, ["b"]], ["k": ["n": 1]],
        ]
        for value in values {
            let result = try await servers.neo4j.run("RETURN $value AS value", ["value": value])
            #expect(result.fields == ["value"])
            #expect(result.records == [[value]])
        }
    }

    @Test func fiveMegabytesGoThereAndBack() async throws {
        let text = String(repeating: "0123456789", count: 500_000)
        let result = try await servers.neo4j.run("RETURN $text AS text", ["text": .string(text)])
        #expect(result.records == [[.string(text)]])
    }

    @Test func manyRecords() async throws {
        let result = try await servers.neo4j.run("UNWIND range(1, 5000) AS n RETURN n")
        #expect(result.records.map { $0[0].int } == Array(1...5000))
    }

    @Test func errorsAreDefiniteAndTheConnectionGoesOn() async throws {
        let relay = try relay()
        defer { relay.stop() }
        let client = client(relay)
        let error = try await failure { _ = try await client.run("RETURN RETURN") }
        #expect(error.code?.hasPrefix("Neo.") == true)
        #expect(error.outcome == .definite)
        #expect(!error.isTransient)
        #expect(try await client.run("RETURN 1 AS one").records == [[1]])
        #expect(relay.accepted == 1)
    }

    @Test func aWrongPasswordIsDefinite() async throws {
        let endpoint = servers.endpoints.neo4j.replacing(/\/\/[^@]*@/, with: "//root:wrong-password@")
        let error = try await failure { _ = try await BoltClient(endpoint: endpoint).run("RETURN 1") }
        #expect(error.code?.hasPrefix("Neo.ClientError.Security") == true)
        #expect(error.outcome == .definite)
        #expect(!error.isTransient)
    }

    /// Wrong ways to go on after a failure do what they say.
    @Test func aFailedTransactionThatIsResumedLosesItsBeginning() async throws {
        for (recovery, left) in [(BoltRecovery.none, []), (.resumes, [2])] {
            _ = try? await servers.neo4j.transaction(recovery: recovery) { transaction in
                try await transaction.run("CREATE (:\(label) {n: 1})")
                _ = try? await transaction.run("RETURN RETURN")
                try await transaction.run("CREATE (:\(label) {n: 2})")
            }
            let found = try await servers.neo4j.run("MATCH (n:\(label)) RETURN n.n AS n")
            #expect(found.records.map { $0[0].int } == left)
        }
    }

    @Test func aConnectionWithoutResetIsIgnored() async throws {
        let client = BoltClient(endpoint: servers.endpoints.neo4j, connections: 1)
        for (recovery, works) in [(BoltRecovery.none, true), (.forgetsReset, false)] {
            _ = try? await client.transaction(recovery: recovery) { try await $0.run("RETURN RETURN") }
            let next = try? await client.transaction { try await $0.run("RETURN 1") }
            #expect((next != nil) == works)
        }
        // It is closed then, as one that makes no sense.
        #expect(try await client.transaction { try await $0.run("RETURN 1") }.records == [[1]])
    }

    @Test func transactionsCommitAndRollBack() async throws {
        try await servers.neo4j.transaction { try await $0.run("CREATE (:\(label) {n: 1})") }
        await #expect(throws: CancellationError.self) {
            try await servers.neo4j.transaction { transaction in
                try await transaction.run("CREATE (:\(label) {n: 2})")
                throw CancellationError()
            }
        }
        let swallowed = try await failure {
            try await servers.neo4j.transaction { transaction in
                try await transaction.run("CREATE (:\(label) {n: 3})")
                _ = try? await transaction.run("RETURN RETURN")
            }
        }
        #expect(swallowed.outcome == .definite)
        #expect(try await count() == 1)
        _ = try await servers.neo4j.run("MATCH (n:\(label)) DELETE n")
    }

    @Test func connectionRefused() async throws {
        let client = BoltClient(endpoint: "bolt://127.0.0.1:\(try Relay.closedPort())")
        let error = try await failure { _ = try await client.run("RETURN 1") }
        #expect(error.code == StoreError.Code.connect)
        #expect(error.outcome == .definite)
        #expect(error.isTransient)
    }

    @Test func aServerThatNeverGreetsTimesOut() async throws {
        let relay = try Relay()
        defer { relay.stop() }
        let error = try await failure {
            _ = try await client(relay, Timeouts(connect: .milliseconds(100))).run("RETURN 1")
        }
        #expect(error.isTimeout)
        #expect(error.outcome == .definite)
    }

    @Test func aQueryThatHangsTimesOutInDoubt() async throws {
        let relay = try relay(.hang(Array("hang_here".utf8)))
        defer { relay.stop() }
        let client = client(relay)
        _ = try await client.run("RETURN 1")
        let error = try await failure { _ = try await client.run("RETURN 'hang_here'", timeout: .seconds(2)) }
        #expect(error.isTimeout)
        #expect(error.outcome == .indefinite)
    }

    @Test func cancellationEndsTheWait() async throws {
        let relay = try relay(.hang(Array("hang_here".utf8)))
        defer { relay.stop() }
        let client = client(relay)
        let task = Task { try await client.run("RETURN 'hang_here'", timeout: .seconds(3600)) }
        await relay.waitUntilSprung()
        task.cancel()
        #expect(try await failure { _ = try await task.value }.isCancellation)
        #expect(try await client.run("RETURN 1 AS one").records == [[1]])
    }

    @Test func aLostAnswerIsInDoubtUnlessNothingCouldLast() async throws {
        let inside = try relay(.loseAnswer(Array("'inside'".utf8)))
        defer { inside.stop() }
        let aborted = try await failure {
            _ = try await client(inside).transaction { try await $0.run("CREATE (:\(label) {n: 'inside'})") }
        }
        #expect(aborted.outcome == .definite)
        #expect(try await count() == 0)

        let commit = try relay(.loseAnswer([0, 2, 0xb0, 0x12, 0, 0]))
        defer { commit.stop() }
        let doubtful = try await failure {
            _ = try await client(commit).transaction { try await $0.run("CREATE (:\(label) {n: 'commit'})") }
        }
        #expect(doubtful.outcome == .indefinite)
        #expect(doubtful.operation == "COMMIT")
        #expect(commit.sprung == 1)
        _ = try await servers.neo4j.run("MATCH (n:\(label)) DELETE n")
    }

    @Test func aConnectionThatDiedIdleIsReplaced() async throws {
        let relay = try relay()
        defer { relay.stop() }
        let client = client(relay)
        _ = try await client.run("RETURN 1")
        relay.closeConnections()
        await relay.waitUntilClosed()
        #expect(try await client.run("RETURN 1 AS one").records == [[1]])
        #expect(relay.accepted == 2)
    }

    @Test func twentyCallsAtOnceShareTheConnections() async throws {
        let client = BoltClient(endpoint: servers.endpoints.neo4j, connections: 3)
        let answers = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<20 {
                group.addTask { try await client.run("RETURN $n AS n", ["n": .int(number)]).records[0][0].int }
            }
            return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(answers == Set(0..<20))
    }
}
