import Proxy
import Stores
import Testing
import Wire

/// Message faults before a real server: the client hears what it would hear, and the server is in the state that goes with it.
@Suite struct PostgresFaultTests {
    private func inject(
        _ bed: PostgresTestbed, _ kind: String, _ options: KeyValuePairs<String, String> = [:],
        on operation: String, _ more: KeyValuePairs<String, String> = ["first": "1"]
    ) async throws {
        let selector = KeyValuePairs(
            dictionaryLiteral: ("operation", operation), (more[0].key, more[0].value))
        try await bed.links.apply(.inject(kind, options, when: selector, over: .postgres, service: .postgres))
    }

    private func insert(_ bed: PostgresTestbed) async throws {
        try await bed.client.transaction { transaction in
            try await transaction.query("INSERT INTO t VALUES ($1)", ["1"])
        }
    }

    // MARK: Lost

    @Test func aLostAnswerOfCommitLeavesTheRow() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "lose-response", on: "COMMIT")
            let error = try await bed.failure { try await insert(bed) }
            #expect(error.outcome == .indefinite && error.operation == "COMMIT")
            #expect(try await bed.rows() == ["1"])
            #expect(try await bed.links.struck() == 1)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.operation == "COMMIT" && answer?.action == .lost)
        }
    }

    @Test func aLostCommitLeavesNoRow() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "lose-request", on: "COMMIT")
            let error = try await bed.failure { try await insert(bed) }
            #expect(error.outcome == .indefinite && error.operation == "COMMIT")
            try await bed.eventuallyGone()
            #expect(try await bed.rows() == [])
            #expect(try await bed.links.struck() == 1)
            let commit = try await bed.links.messages(.request).last
            #expect(commit?.action == .lost && commit?.transaction == 1)
        }
    }

    /// It commits at its Sync, so the link waits for that.
    @Test func aLostAnswerOfALoneStatementLeavesTheRow() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "lose-response", on: "INSERT t")
            let error = try await bed.failure { _ = try await bed.client.query("INSERT INTO t VALUES ($1)", ["1"]) }
            #expect(error.outcome == .indefinite)
            #expect(try await bed.rows() == ["1"])
        }
    }

    // MARK: Errors

    @Test func anErrorFailsTheTransactionOfTheServerToo() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": "40001"], on: "INSERT t")
            let error = try await bed.failure {
                try await bed.client.transaction { transaction in
                    let first = try await bed.failure {
                        try await transaction.query("INSERT INTO t VALUES ($1)", ["1"])
                    }
                    #expect(first.code == "40001")
                    #expect(first.message.hasPrefix("could not serialize access"))
                    #expect(try await bed.sessions() == ["idle in transaction (aborted)"])
                    try await transaction.query("SELECT 1")
                }
            }
            #expect(error.code == "25P02")
            #expect(try await bed.sessions() == ["idle"])
            try await insert(bed)
            #expect(try await bed.rows() == ["1"])
            #expect(
                try await bed.links.messages(.response).filter { !$0.code.isEmpty }.map(\.code) == ["40001", "25P02"])
        }
    }

    @Test func anErrorOfTheSimpleProtocolDoesSo() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": "40P01"], on: "INSERT t")
            let lines = try await bed.psql(
                "BEGIN;", "INSERT INTO t VALUES (1);", "\\echo :SQLSTATE", "SELECT 1;", "\\echo :SQLSTATE", "COMMIT;",
                "INSERT INTO t VALUES (2);", "\\echo :SQLSTATE")
            #expect(lines.filter { !$0.hasPrefix("ERROR") } == ["40P01", "25P02", "00000"])
            #expect(lines.contains { $0.contains("deadlock detected") })
            #expect(try await bed.rows() == ["2"])
        }
    }

    /// The server says 25P02 by itself, and to refuse what it refuses is no strike.
    @Test func whatTheServerRefusesByItselfIsNotStruck() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": "40P01"], on: "INSERT t", ["first": "10"])
            let lines = try await bed.psql(
                "BEGIN;", "INSERT INTO t VALUES (1);", "\\echo :SQLSTATE", "INSERT INTO t VALUES (1);",
                "\\echo :SQLSTATE", "ROLLBACK;")
            #expect(lines.filter { !$0.hasPrefix("ERROR") } == ["40P01", "25P02"])
            #expect(try await bed.links.struck() == 1)
        }
    }

    @Test func aLoneStatementThatFailsIsNotApplied() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "error", on: "INSERT t", ["first": "2"])
            for _ in 0..<2 {
                let error = try await bed.failure { _ = try await bed.client.query("INSERT INTO t VALUES (1)") }
                #expect(error.code == "40001" && error.outcome == .definite)
            }
            #expect(try await bed.rows() == [])
            _ = try await bed.client.query("INSERT INTO t VALUES (1)")
            #expect(try await bed.rows() == ["1"])
            #expect(try await bed.links.messages().filter { $0.operation == "startup" }.count == 2)
        }
    }

    @Test func aCommitThatIsRefusedEndsTheTransaction() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": "40001"], on: "COMMIT")
            let error = try await bed.failure { try await insert(bed) }
            #expect(error.code == "40001" && error.outcome == .definite)
            #expect(try await bed.sessions() == ["idle"])
            #expect(try await bed.rows() == [])
            let lines = try await bed.psql("SELECT 1;")
            #expect(lines == ["1"])
            try await insert(bed)
            #expect(try await bed.rows() == ["1"])
        }
    }

    @Test func aRefusedCommitOfTheSimpleProtocolDoesSo() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": "40001"], on: "COMMIT")
            let lines = try await bed.psql(
                "BEGIN;", "INSERT INTO t VALUES (1);", "COMMIT;", "\\echo :SQLSTATE",
                "SELECT state FROM pg_stat_activity WHERE pid = pg_backend_pid();", "INSERT INTO t VALUES (2);")
            #expect(lines.filter { !$0.hasPrefix("ERROR") } == ["40001", "active"])
            #expect(try await bed.rows() == ["2"])
        }
    }

    @Test(arguments: ["57P01", "57P02"]) func aFatalErrorEndsTheSession(code: String) async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": code], on: "INSERT t")
            let error = try await bed.failure { try await insert(bed) }
            #expect(error.code == code)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.action == .replied && answer?.code == code && answer?.transaction == 1)
            try await bed.eventuallyGone()
            #expect(try await bed.rows() == [])
            try await insert(bed)
            #expect(try await bed.rows() == ["1"])
        }
    }

    @Test(arguments: ["53300", "57P03", "3D000"]) func anErrorOfTheStartUpRefusesConnections(code: String) async throws
    {
        try await PostgresTestbed.with { bed in
            _ = try await bed.client.query("SELECT 1")
            try await bed.links.apply(
                .inject("sql-error", ["sqlstate": code], when: ["first": "1"], over: .postgres, service: .postgres))
            // A session that is open is not struck.
            _ = try await bed.client.query("SELECT 1")
            let other = PostgresClient(endpoint: bed.endpoint)
            let error = try await bed.failure { _ = try await other.query("SELECT 1") }
            #expect(error.code == code && error.outcome == .definite)
            _ = try await other.query("SELECT 1")
        }
    }

    // MARK: Errors after it was applied

    @Test func anErrorAfterALoneStatementLeavesItsRow() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "error-after-apply", on: "INSERT t")
            let error = try await bed.failure { _ = try await bed.client.query("INSERT INTO t VALUES ($1)", ["1"]) }
            #expect(error.code == "40001")
            #expect(try await bed.rows() == ["1"])
            #expect(try await bed.links.struck() == 1)
            _ = try await bed.client.query("INSERT INTO t VALUES ($1)", ["2"])
            #expect(try await bed.rows() == ["1", "2"])
        }
    }

    @Test func anErrorAfterCommitLeavesTheRow() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "error-after-apply", on: "COMMIT")
            let error = try await bed.failure { try await insert(bed) }
            #expect(error.code == "40001")
            #expect(try await bed.rows() == ["1"])
            #expect(try await bed.sessions() == ["idle"])
        }
    }

    @Test func anErrorAfterAStatementFailsItsTransaction() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "error-after-apply", on: "INSERT t")
            let error = try await bed.failure {
                try await bed.client.transaction { transaction in
                    let first = try await bed.failure { try await transaction.query("INSERT INTO t VALUES (1)") }
                    #expect(first.code == "40001")
                    #expect(try await bed.sessions() == ["idle in transaction (aborted)"])
                    try await transaction.query("SELECT 1")
                }
            }
            #expect(error.code == "25P02")
            #expect(try await bed.rows() == [])
            #expect(try await bed.sessions() == ["idle"])
        }
    }

    /// The server's own error passes, and nothing was struck.
    @Test func whatFailedAnywayIsNotStruck() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "error-after-apply", on: "INSERT t")
            let error = try await bed.failure { _ = try await bed.client.query("INSERT INTO t VALUES ('x')") }
            #expect(error.code == "22P02")
            #expect(try await bed.links.struck() == 0)
        }
    }

    // MARK: Others

    @Test func aStatementThatIsSentTwiceIsAppliedTwice() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "duplicate-request", on: "INSERT t")
            let answer = try await bed.client.query("INSERT INTO t VALUES ($1)", ["1"])
            #expect(answer.affected == 1)
            #expect(try await bed.rows() == ["1", "1"])
            _ = try await bed.client.query("INSERT INTO t VALUES ($1)", ["2"])
            #expect(try await bed.rows() == ["1", "1", "2"])
        }
    }

    @Test func aQueryThatIsSentTwiceIsAppliedTwice() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "duplicate-request", on: "INSERT t")
            let lines = try await bed.psql("INSERT INTO t VALUES (1) RETURNING id;", "SELECT 5;")
            #expect(lines == ["1", "5"])
            #expect(try await bed.rows() == ["1", "1"])
        }
    }

    @Test(arguments: ["hang-request", "hang-response"]) func aClientGivesUpWaiting(kind: String) async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, kind, on: "INSERT t")
            let error = try await bed.failure {
                _ = try await bed.client.query("INSERT INTO t VALUES (1)", timeout: .milliseconds(300))
            }
            #expect(error.isTimeout)
            #expect(try await bed.rows() == (kind == "hang-request" ? [] : ["1"]))
            #expect(try await bed.links.struck() == 1)
        }
    }

    @Test func aTruncatedAnswerBreaksItsConnection() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "truncate", ["after": "20B"], on: "SELECT", ["direction": "response"])
            let error = try await bed.failure { _ = try await bed.client.query("SELECT repeat('x', 100000)") }
            #expect(error.code == StoreError.Code.connectionLost)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.action == .cut && answer?.size == 20)
        }
    }

    /// What is shorter than the fault lets pass passes whole, and the connection ends all the same.
    @Test(arguments: ["request", "response"])
    func aConnectionEndsBehindAMessageThatIsShorter(direction: String) async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "reset", ["after": "1MiB"], on: "INSERT t", ["direction": direction])
            let error = try await bed.failure { _ = try await bed.client.query("INSERT INTO t VALUES ($1)", ["1"]) }
            #expect(error.code == StoreError.Code.connectionLost)
            #expect(try await bed.links.struck() == 1)
            #expect(try await bed.links.messages().last?.action == .reset)
        }
    }

    @Test func aDelayedStatementArrivesLater() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "delay", ["time": "50ms"], on: "INSERT t")
            _ = try await bed.client.query("INSERT INTO t VALUES (1)")
            let request = try #require(try await bed.links.messages(.request).last)
            #expect(request.action == .delayed && request.end - request.time >= 50_000_000)
            #expect(try await bed.rows() == ["1"])
        }
    }

    /// A pipeline is answered up to the error; then all is skipped to its Sync.
    @Test func anErrorInAPipelineSkipsTheRest() async throws {
        try await PostgresTestbed.with { bed in
            try await inject(bed, "sql-error", ["sqlstate": "40001"], on: "UPDATE t")
            let lines = try await bed.pipeline(
                "INSERT INTO t VALUES (1);\nUPDATE t SET id = 2;\nINSERT INTO t VALUES (3);", clients: 1, times: 1)
            #expect(lines.contains("number of failed transactions: 1 "), "\(lines)")
            #expect(try await bed.rows() == [])
            let operations = try await bed.operations()
            #expect(operations.contains("UPDATE t") && operations.count { $0 == "INSERT t" } <= 2)
        }
    }
}
