import Foundation
import Proxy
import Stack
import Stores
import Subprocess
import SystemPackage
import Testing
import Wire

/// The native stack's Bolt server, nodes with a label of the test's own, and a link to it.
struct BoltTestbed {
    let links: TestLinks
    /// Past the link.
    let direct: BoltClient
    /// Through the link, one connection at a time.
    let client: BoltClient
    let user: String
    let password: String
    /// What every node of the test has as its label.
    let label: String

    static func with(lanes: Int = 1, _ body: (BoltTestbed) async throws -> Void) async throws {
        let endpoint = try NativeStack.current().endpoints.neo4j
        let parts = try #require(endpoint.wholeMatch(of: /bolt:\/\/([^:]*):([^@]*)@([0-9.:]+).*/)).output
        let direct = BoltClient(endpoint: endpoint, connections: 1)
        let label = "FL" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let link = LinkConfiguration(
            name: "link", linkProtocol: .bolt, service: .neo4j, upstream: String(parts.3), lanes: lanes)
        // A type that nobody has used is made by whoever comes first, which the test's transactions need not do.
        _ = try await direct.run("CREATE (n:\(label)) DELETE n")
        try await TestLinks.with(link) { links in
            let through = endpoint.replacing(String(parts.3), with: try links.address())
            let client = BoltClient(endpoint: through, connections: 1)
            defer { client.close() }
            try await body(
                BoltTestbed(
                    links: links, direct: direct, client: client, user: String(parts.1), password: String(parts.2),
                    label: label))
        }
        _ = try await direct.run("MATCH (n:\(label)) DETACH DELETE n")
    }

    /// The numbers of the nodes, as others see them.
    func numbers() async throws -> [Int] {
        try await direct.run("MATCH (n:\(label)) RETURN n.id AS id ORDER BY id").records.compactMap { $0[0].int }
    }

    func create(_ id: Int = 1) -> String { "CREATE (n:\(label) {id: \(id)})" }

    /// What `create` is called.
    var operation: String { "CREATE \(label)" }

    /// Two nodes in a transaction.
    func createInTransaction() async throws {
        try await client.transaction { transaction in
            try await transaction.run(create(1))
            try await transaction.run(create(2))
        }
    }

    func inject(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], on operation: String, first: Int = 1
    ) async throws {
        let selector: KeyValuePairs<String, String> = ["operation": operation, "first": "\(first)"]
        try await links.apply(.inject(kind, options, when: selector, over: .bolt, service: .neo4j))
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

    /// A conversation through the link that has begun.
    func speaker(_ version: BoltVersion = BoltVersion(5, 4), lane: Int = 0) async throws -> BoltSpeaker {
        let speaker = BoltSpeaker(try await links.connect(lane: lane), version: version)
        try await speaker.begin(user: user, password: password)
        return speaker
    }

    /// What a script prints that has a driver of Neo4j's own, its lines apart.
    ///
    /// - Parameter scheme: `bolt` or `neo4j`.
    func python(_ script: String, scheme: String = "bolt", lane: Int = 0) async throws -> [String] {
        let program = try StackHome.standard().python + "/bin/python"
        let text = """
            import sys
            import neo4j
            from neo4j import GraphDatabase
            label = "\(label)"
            driver = GraphDatabase.driver("\(scheme)://\(try links.address(lane: lane))", auth=("\(user)", sys.stdin.read()))
            \(script)
            driver.close()
            """
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: ["-B", "-c", text], input: .string(password),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        let failure = result.terminationStatus.isSuccess ? "" : result.standardError + "failed\n"
        return (result.standardOutput + failure).split(separator: "\n").map(String.init)
    }

    /// Waits until others see no more of the link's transactions, at most twenty seconds.
    func eventually(_ numbers: [Int]) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while try await self.numbers() != numbers {
            guard ContinuousClock.now < deadline else {
                Issue.record("never came to \(numbers)")
                return
            }
        }
    }

    /// Operations of the requests in the history, in order.
    func operations() async throws -> [String] { try await links.messages(.request).map(\.operation) }

    /// The link has understood all that passed.
    func expectUnderstood(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await !links.events().contains { $0.kind == .opaque }, sourceLocation: sourceLocation)
        try await links.eventually("nothing is under way", sourceLocation: sourceLocation) { $0.calls == 0 }
    }
}
