import Glibc
import Proxy
import Stack
import Stores
import Subprocess
import Testing
import Wire

/// The native stack's PostgreSQL with a database of the test's own, and a link to it.
struct PostgresTestbed {
    let links: TestLinks
    /// Past the link.
    let direct: PostgresClient
    /// Through the link, one connection at a time.
    let client: PostgresClient
    /// Through the link.
    let endpoint: String

    /// The database has an empty table `t (id int)`.
    static func with(_ body: (PostgresTestbed) async throws -> Void) async throws {
        let stack = try NativeStack.current().endpoints.postgres
        let database = "faultline_link_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let owner = PostgresClient(endpoint: stack)
        _ = try await owner.query("CREATE DATABASE \(database)")
        do {
            try await with(stack.replacing(/\/[^\/?]*(\?.*)?$/, with: "/\(database)"), body)
        } catch {
            _ = try? await owner.query("DROP DATABASE \(database) WITH (FORCE)")
            throw error
        }
        _ = try await owner.query("DROP DATABASE \(database) WITH (FORCE)")
    }

    private static func with(_ endpoint: String, _ body: (PostgresTestbed) async throws -> Void) async throws {
        let upstream = String(try #require(endpoint.firstMatch(of: /[0-9.]+:[0-9]+/)).0)
        let direct = PostgresClient(endpoint: endpoint, connections: 1)
        try await direct.execute("CREATE TABLE t (id int)")
        let link = LinkConfiguration(
            name: "link", linkProtocol: .postgres, service: .postgres, upstream: upstream)
        try await TestLinks.with(link) { links in
            let through = endpoint.replacing(upstream, with: try links.address())
            let client = PostgresClient(endpoint: through, connections: 1)
            defer { client.close() }
            try await body(PostgresTestbed(links: links, direct: direct, client: client, endpoint: through))
        }
    }

    /// The numbers in `t`, as others see them.
    func rows() async throws -> [String] {
        try await direct.query("SELECT id FROM t ORDER BY id").rows.compactMap { $0[0] }
    }

    /// What the server says of the sessions that came through the link.
    func sessions() async throws -> [String] {
        try await direct.query(
            """
            SELECT state FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
            AND pid <> pg_backend_pid() AND client_port IS NOT NULL ORDER BY state
            """
        ).rows.compactMap { $0[0] }
    }

    /// The error of a call that must fail.
    func failure(of call: () async throws -> Void) async throws -> StoreError {
        do {
            try await call()
        } catch let error as StoreError {
            return error
        }
        Issue.record("the call succeeded")
        throw CancellationError()
    }

    /// What a program of PostgreSQL's prints, both its outputs.
    func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String {
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), input: .string(input), output: .string(limit: 8 << 20),
            error: .string(limit: 1 << 20))
        return result.standardOutput + result.standardError + (result.terminationStatus.isSuccess ? "" : "\nfailed")
    }

    /// What psql prints when it is told these lines. It goes on after errors.
    func psql(_ lines: String...) async throws -> [String] {
        let text = try await run(
            "psql", ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", endpoint],
            input: lines.joined(separator: "\n") + "\n")
        return text.split(separator: "\n").map(String.init)
    }

    /// What pgbench prints when it sends these statements as one pipeline.
    func pipeline(_ script: String, mode: String = "extended", clients: Int, times: Int) async throws -> String {
        let path = "/tmp/\(endpoint.split(separator: "/").last ?? "").sql"
        let file = try #require(fopen(path, "w"))
        fputs("\\startpipeline\n\(script)\n\\endpipeline\n", file)
        fclose(file)
        defer { unlink(path) }
        return try await run(
            "pgbench",
            [
                "--no-vacuum", "--client=\(clients)", "--transactions=\(times)", "--protocol=\(mode)",
                "--file=\(path)", endpoint,
            ])
    }

    /// Waits until the server has no session left that came through the link, at most twenty seconds.
    func eventuallyGone() async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while try await !sessions().isEmpty {
            guard ContinuousClock.now < deadline else {
                Issue.record("the server kept a session")
                return
            }
        }
    }

    /// Operations of the requests in the history, in order.
    func operations() async throws -> [String] { try await links.messages(.request).map(\.operation) }
}
