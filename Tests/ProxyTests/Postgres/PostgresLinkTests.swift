import Proxy
import Stores
import Testing
import Wire

/// A postgres link that nothing touches, before a real server: programs do their work, and the history tells it by statement.
@Suite struct PostgresLinkTests {
    /// All traffic made sense: no connection became bytes, and each statement has its name.
    private func expectUnderstood(_ bed: PostgresTestbed, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let events = try await bed.links.events()
        #expect(!events.contains { $0.kind == .opaque || $0.operation == "bytes" }, sourceLocation: sourceLocation)
        let unnamed = Set(events.map(\.operation)).intersection(["OTHER", "EXECUTE"])
        #expect(unnamed.isEmpty, sourceLocation: sourceLocation)
        let requests = events.filter { $0.direction == .request }.count
        let answers = events.filter { $0.direction == .response }.count
        #expect(requests > 0 && requests == answers, sourceLocation: sourceLocation)
    }

    @Test func aTransactionIsACall() async throws {
        try await PostgresTestbed.with { bed in
            try await bed.client.transaction { transaction in
                try await transaction.query("INSERT INTO public.t VALUES ($1)", ["1"])
                try await transaction.query("SELECT count(*) FROM t")
            }
            _ = try await bed.client.query("DELETE FROM t WHERE id = $1", ["2"])
            _ = try await bed.client.query("DELETE FROM t WHERE id = $1", ["2"])
            _ = try await bed.client.query("DELETE FROM t WHERE id = $1", ["3"])
            let requests = try await bed.links.messages(.request)
            #expect(
                requests.map(\.operation)
                    == ["startup", "BEGIN", "INSERT t", "SELECT t", "COMMIT", "DELETE t", "DELETE t", "DELETE t"])
            #expect(requests.map(\.transaction) == [0, 1, 1, 1, 1, 2, 3, 4])
            #expect(requests[5].key == requests[6].key)
            #expect(Set(requests.map(\.key)).count == 7)
            let answers = try await bed.links.messages(.response)
            #expect(answers.map(\.exchange) == requests.map(\.exchange))
            #expect(answers.map(\.transaction) == requests.map(\.transaction))
            #expect(answers.allSatisfy { $0.code.isEmpty && $0.action == .forwarded })
        }
    }

    @Test func anErrorHasItsCode() async throws {
        try await PostgresTestbed.with { bed in
            let error = try await bed.failure { _ = try await bed.client.query("SELECT * FROM nothing") }
            #expect(error.code == "42P01")
            let lines = try await bed.psql(
                "BEGIN;", "SELECT 1/0;", "\\echo :SQLSTATE", "SELECT 2;", "\\echo :SQLSTATE", "ROLLBACK;",
                "SELECT 3;")
            #expect(lines.filter { !$0.hasPrefix("ERROR") } == ["22012", "25P02", "3"])
            let codes = try await bed.links.messages(.response).map(\.code).filter { !$0.isEmpty }
            #expect(codes == ["42P01", "22012", "25P02"])
        }
    }

    @Test(arguments: ["simple", "extended", "prepared"]) func pgbenchDoesItsWork(mode: String) async throws {
        try await PostgresTestbed.with { bed in
            let made = try await bed.run("pgbench", ["--initialize", "--quiet", bed.endpoint])
            #expect(!made.contains("failed"), "\(made)")
            let ran = try await bed.run(
                "pgbench", ["--no-vacuum", "--client=4", "--transactions=25", "--protocol=\(mode)", bed.endpoint])
            #expect(ran.contains("number of transactions actually processed: 100/100"), "\(ran)")
            try await expectUnderstood(bed)
            let requests = try await bed.links.messages(.request)
            let counts = Dictionary(grouping: requests, by: \.operation).mapValues(\.count)
            for operation in ["UPDATE pgbench_accounts", "UPDATE pgbench_tellers", "INSERT pgbench_history"] {
                #expect(counts[operation] == 100)
            }
            let ends = requests.filter { $0.operation == "COMMIT" && $0.connection > 1 }
            #expect(Set(ends.map { "\($0.connection)/\($0.transaction)" }).count == ends.count)
            let accounts = try await bed.direct.query("SELECT count(*) FROM pgbench_history").scalar
            #expect(accounts == "100")
        }
    }

    @Test(arguments: ["extended", "prepared"]) func pipelinesPass(mode: String) async throws {
        try await PostgresTestbed.with { bed in
            // Each touches rows of its own alone: two that change all would be each other's deadlock.
            let script = "INSERT INTO t VALUES (1);\nSELECT * FROM t;\nUPDATE t SET id = 2 WHERE id = 1;"
            let ran = try await bed.pipeline(script, mode: mode, clients: 2, times: 20)
            #expect(ran.contains("number of transactions actually processed: 40/40"), "\(ran)")
            try await expectUnderstood(bed)
            #expect(try await bed.operations().count { $0 == "UPDATE t" } == 40)
            #expect(try await bed.rows() == Array(repeating: "2", count: 40))
        }
    }

    @Test func copyPassesBothWays() async throws {
        try await PostgresTestbed.with { bed in
            let numbers = (0..<20_000).map { "\($0)" }
            let lines = try await bed.psql(
                "\\copy t FROM STDIN\n\(numbers.joined(separator: "\n"))\n\\.", "\\copy t TO STDOUT")
            #expect(lines == numbers)
            let dump = try await bed.run("pg_dump", [bed.endpoint])
            #expect(dump.contains("COPY public.t (id) FROM stdin;\n0\n1\n2\n") && !dump.contains("failed"))
            try await expectUnderstood(bed)
            #expect(try await bed.operations().filter { $0 == "COPY t" }.count == 3)
        }
    }

    @Test func aFailedCopyLeavesTheSessionWhole() async throws {
        try await PostgresTestbed.with { bed in
            let lines = try await bed.psql("\\copy t FROM STDIN\nx\n\\.", "SELECT 5;")
            #expect(lines.contains("5"))
            try await expectUnderstood(bed)
        }
    }

    @Test func noticesAndNotificationsPass() async throws {
        try await PostgresTestbed.with { bed in
            let lines = try await bed.psql(
                "LISTEN news;", "NOTIFY news, 'told';", "DO $$ BEGIN RAISE NOTICE 'seen'; END $$;", "SELECT 7;")
            #expect(lines.contains { $0.contains("told") } && lines.contains { $0.contains("seen") })
            #expect(lines.contains("7"))
            try await expectUnderstood(bed)
            #expect(try await bed.operations() == ["startup", "LISTEN news", "NOTIFY news", "DO", "SELECT"])
        }
    }

    @Test func aCancelRequestPasses() async throws {
        try await PostgresTestbed.with { bed in
            let error = try await bed.failure {
                _ = try await bed.client.query("SELECT pg_sleep(60)", timeout: .milliseconds(300))
            }
            #expect(error.isTimeout)
            let text = try await bed.run(
                "timeout", ["--signal=INT", "1", "psql", "--no-psqlrc", "-c", "SELECT pg_sleep(60)", bed.endpoint])
            #expect(text.contains("canceling statement due to user request"), "\(text)")
        }
    }
}
