import Stores
import Testing

@Suite struct PostgresClientTests {
    let servers: Servers
    let table = Servers.unique("t")

    init() throws {
        servers = try Servers()
    }

    private func makeTable() async throws {
        try await servers.postgres.execute("CREATE TABLE \(table) (id int PRIMARY KEY, note text)")
    }

    private func dropTable() async throws {
        try await servers.postgres.execute("DROP TABLE \(table)")
    }

    private func ids() async throws -> [String?] {
        try await servers.postgres.query("SELECT id FROM \(table) ORDER BY id").rows.map { $0[0] }
    }

    private func relay(_ trap: Relay.Trap) throws -> Relay {
        try Relay(upstream: Servers.port(of: servers.endpoints.postgres), trap: trap)
    }

    private func client(_ relay: Relay, _ timeouts: Timeouts = .standard) -> PostgresClient {
        PostgresClient(
            endpoint: Servers.through(relay, servers.endpoints.postgres), connections: 1, timeouts: timeouts)
    }

    @Test func roundTripKeepsNullsQuotesAndUnicode() async throws {
        let values: [String?] = ["plain", nil, "", "quo'te \"double\" \\ back", "naïve ☃ 🎉"]
        let result = try await servers.postgres.query(
            "SELECT $1::text AS a, $2::text, $3::text, $4::text, $5::text", values)
        #expect(result.rows == [values])
        #expect(result.columns[0] == "a")
        #expect(result.affected == 1)
    }

    @Test func arrayLiteralsKeepEveryElement() async throws {
        let values: [String?] = ["a,b", "{c}", "\"d\"", "e\\f", "", "NULL", nil, "ü"]
        let result = try await servers.postgres.query("SELECT unnest($1::text[])", [PostgresArray.literal(values)])
        #expect(result.rows.map { $0[0] } == values)
    }

    @Test func fiveMegabytesGoThereAndBack() async throws {
        let text = String(repeating: "0123456789", count: 500_000)
        let result = try await servers.postgres.query("SELECT $1::text", [text])
        #expect(result.scalar == text)
    }

    @Test func serverErrorsAreDefiniteAndCarryTheirState() async throws {
        let missing = try await failure { _ = try await servers.postgres.query("SELECT * FROM no_such_table") }
        #expect(missing.code == "42P01")
        #expect(missing.outcome == .definite)
        #expect(!missing.isTransient)
        let serial = try await failure {
            try await servers.postgres.execute("DO $$ BEGIN RAISE 'x' USING ERRCODE = '40001'; END $$")
        }
        #expect(serial.isTransient)
        #expect(try await servers.postgres.query("SELECT 1").scalar == "1")
    }

    @Test func refusedLoginSaysItsState() async throws {
        let client = PostgresClient(
            endpoint: servers.endpoints.postgres.replacing(/\/[^\/]*$/, with: "/no_such_database"))
        let error = try await failure { _ = try await client.query("SELECT 1") }
        #expect(error.code == "3D000")
        #expect(error.outcome == .definite)
        #expect(!error.isTransient)
    }

    @Test func transactionsCommitAndRollBack() async throws {
        try await makeTable()
        try await servers.postgres.transaction { transaction in
            try await transaction.query("INSERT INTO \(table) VALUES ($1, $2)", ["1", "kept"])
        }
        await #expect(throws: CancellationError.self) {
            try await servers.postgres.transaction { transaction in
                try await transaction.query("INSERT INTO \(table) VALUES (2, 'lost')")
                throw CancellationError()
            }
        }
        #expect(try await ids() == ["1"])
        try await dropTable()
    }

    @Test func commitOfAFailedTransactionIsAnError() async throws {
        let error = try await failure {
            try await servers.postgres.transaction { transaction in
                _ = try? await transaction.query("SELECT * FROM no_such_table")
            }
        }
        #expect(error.code == "25P02")
        #expect(error.outcome == .definite)
    }

    @Test func connectionRefused() async throws {
        let port = try Relay.closedPort()
        let client = PostgresClient(endpoint: "postgresql://app@127.0.0.1:\(port)/app")
        let error = try await failure { _ = try await client.query("SELECT 1") }
        #expect(error.code == StoreError.Code.connect)
        #expect(error.outcome == .definite)
        #expect(error.isTransient)
    }

    @Test func aServerThatNeverGreetsTimesOut() async throws {
        let relay = try Relay()
        defer { relay.stop() }
        let error = try await failure {
            _ = try await client(relay, Timeouts(connect: .milliseconds(100))).query("SELECT 1")
        }
        #expect(error.isTimeout)
        #expect(error.outcome == .definite)
    }

    @Test func aStatementThatHangsTimesOutInDoubt() async throws {
        let relay = try relay(.hang(Array("hang_here".utf8)))
        defer { relay.stop() }
        let client = client(relay)
        _ = try await client.query("SELECT 1")
        let error = try await failure { _ = try await client.query("SELECT 'hang_here'", timeout: .seconds(2)) }
        #expect(error.isTimeout)
        #expect(error.outcome == .indefinite)
        #expect(error.isTransient)
    }

    @Test func cancellationEndsTheWait() async throws {
        let relay = try relay(.hang(Array("hang_here".utf8)))
        defer { relay.stop() }
        let client = client(relay)
        let task = Task { try await client.query("SELECT 'hang_here'", timeout: .seconds(3600)) }
        await relay.waitUntilSprung()
        task.cancel()
        let error = try await failure { _ = try await task.value }
        #expect(error.isCancellation)
        #expect(error.outcome == .indefinite)
        #expect(try await client.query("SELECT 1").scalar == "1")
    }

    @Test func waitingInLineEndsByTimeoutAndByCancellation() async throws {
        let relay = try relay(.hang(Array("hang_here".utf8)))
        defer { relay.stop() }
        let client = client(relay)
        let holder = Task { try await client.query("SELECT 'hang_here'", timeout: .seconds(3600)) }
        await relay.waitUntilSprung()
        let late = try await failure { _ = try await client.query("SELECT 1", timeout: .milliseconds(50)) }
        #expect(late.isTimeout)
        #expect(late.outcome == .definite)
        let waiter = Task { try await client.query("SELECT 1", timeout: .seconds(3600)) }
        waiter.cancel()
        #expect(try await failure { _ = try await waiter.value }.isCancellation)
        holder.cancel()
        _ = await holder.result
    }

    @Test func aLostAnswerIsInDoubtUnlessNothingCouldLast() async throws {
        try await makeTable()
        let auto = try relay(.loseAnswer(Array("auto_commit".utf8)))
        defer { auto.stop() }
        let lost = try await failure {
            _ = try await client(auto).query("INSERT INTO \(table) VALUES (1, 'auto_commit')")
        }
        #expect(lost.outcome == .indefinite)
        #expect(lost.code == StoreError.Code.connectionLost)

        let inside = try relay(.loseAnswer(Array("inside".utf8)))
        defer { inside.stop() }
        let aborted = try await failure {
            _ = try await client(inside).transaction { try await $0.query("INSERT INTO \(table) VALUES (2, 'inside')") }
        }
        #expect(aborted.outcome == .definite)

        let commit = try relay(.loseAnswer(Array("COMMIT".utf8)))
        defer { commit.stop() }
        let doubtful = try await failure {
            _ = try await client(commit).transaction { try await $0.query("INSERT INTO \(table) VALUES (3, 'commit')") }
        }
        #expect(doubtful.outcome == .indefinite)
        #expect(doubtful.operation == "COMMIT")
        #expect(commit.sprung == 1)
        #expect(!(try await ids()).contains("2"))
        try await dropTable()
    }

    @Test func aBackendKilledInMidStatementIsDefinite() async throws {
        let client = PostgresClient(endpoint: servers.endpoints.postgres, connections: 1)
        let pid = try await client.query("SELECT pg_backend_pid()").scalar
        let call = Task { try await client.query("SELECT pg_sleep(3600)") }
        var isRunning = false
        while !isRunning {
            let active = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND query LIKE '%pg_sleep(3600)'"
            isRunning = try await servers.postgres.query(active, [pid]).scalar == "1"
        }
        _ = try await servers.postgres.query("SELECT pg_terminate_backend($1)", [pid])
        let error = try await failure { _ = try await call.value }
        #expect(error.code == "57P01")
        #expect(error.outcome == .definite)
        #expect(error.isTransient)
    }

    @Test func aConnectionThatDiedIdleIsReplaced() async throws {
        let client = PostgresClient(endpoint: servers.endpoints.postgres, connections: 1)
        let pid = try await client.query("SELECT pg_backend_pid()").scalar
        _ = try await servers.postgres.query("SELECT pg_terminate_backend($1, 5000)", [pid])
        #expect(try await client.query("SELECT 1").scalar == "1")
    }

    @Test func twentyCallsAtOnceShareTheConnections() async throws {
        let client = PostgresClient(endpoint: servers.endpoints.postgres, connections: 3)
        let answers = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<20 { group.addTask { try await client.query("SELECT $1::int", ["\(number)"]).scalar } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<20).map { "\($0)" }))
    }

    @Test func closingEndsCallsUnderWayAndTransactions() async throws {
        let relay = try relay(.hang(Array("hang_here".utf8)))
        defer { relay.stop() }
        let hung = client(relay)
        let task = Task { try await hung.query("SELECT 'hang_here'", timeout: .seconds(3600)) }
        await relay.waitUntilSprung()
        hung.close()
        #expect(try await failure { _ = try await task.value }.isCancellation)

        let client = PostgresClient(endpoint: servers.endpoints.postgres)
        let error = try await failure {
            _ = try await client.transaction { transaction in
                client.close()
                try await transaction.query("SELECT 1")
            }
        }
        #expect(error.isCancellation || error.code == StoreError.Code.connectionLost)
        #expect(error.outcome == .definite)
    }

    @Test func textWithNULIsRefusedNotCut() async throws {
        let error = try await failure { _ = try await servers.postgres.query("SELECT $1::text", ["a\0b"]) }
        #expect(error.code == StoreError.Code.misuse)
        #expect(error.outcome == .definite)
    }

    @Test func anAbandonedStatementEndsOnTheServer() async throws {
        let mark = Servers.unique("abandoned")
        let client = PostgresClient(endpoint: servers.endpoints.postgres, connections: 1)
        let sql = "SELECT pg_sleep(3600) AS \(mark)"
        let count = "SELECT count(*) FROM pg_stat_activity WHERE query = $1 AND state = 'active'"
        let task = Task { try await client.query(sql, timeout: .seconds(3600)) }
        while try await servers.postgres.query(count, [sql]).scalar == "0" {}
        task.cancel()
        _ = await task.result
        while try await servers.postgres.query(count, [sql]).scalar != "0" {}
    }

    @Test func aClosedClientRefuses() async throws {
        let client = PostgresClient(endpoint: servers.endpoints.postgres)
        _ = try await client.query("SELECT 1")
        client.close()
        #expect(try await failure { _ = try await client.query("SELECT 1") }.isCancellation)
    }
}
