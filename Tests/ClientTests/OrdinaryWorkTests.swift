import Proxy
import Testing
import Wire

/// A link that nothing is injected on changes nothing for anybody.
@Suite(.serialized) struct OrdinaryWorkTests {
    private static let work: [(Client, String)] = [
        (.psycopg(.simple), "work"), (.psycopg(.extended), "work"), (.psycopg(.prepared), "work"),
        (.psycopg(.pipeline), "write"), (.psycopg(.extended), "copy-in"), (.psycopg(.extended), "copy-out"),
        (.boto3, "work"), (.openai, "work"), (.qdrant, "work"), (.psql, "read"), (.psql, "script"),
        (.pgDump, "dump"), (.curl, "get"), (.curl, "put"), (.redis(.five), "work"), (.redis(.six), "work"),
        (.redis(.newest), "work"), (.redis(.parser), "work"), (.redisCLI, "increment"), (.redisCLI, "transaction"),
        (.hiredis, "pipeline"), (.hiredis, "transaction"), (.neo4j(.four), "work"), (.neo4j(.five), "work"),
        (.neo4j(.newest), "work"),
    ]

    @Test(arguments: work)
    func aClientDoesTheSameThroughALink(_ client: Client, _ operation: String) async throws {
        _ = try await ClientServers.prepared.value
        let address = try ClientServers.address(of: client.service)
        let direct = try await client.perform(operation, at: address, token: ClientServers.token())
        if case .failure = direct { Issue.record("it fails without a link: \(direct)") }
        try await ClientLinks.with(client.service) { links in
            let outcome = try await client.perform(operation, at: links.address, token: ClientServers.token())
            #expect(outcome.withoutTokens == direct.withoutTokens)
            let events = try await links.events()
            let messages = events.filter { $0.kind == .message }
            #expect(!messages.isEmpty)
            #expect(messages.allSatisfy { $0.action == .forwarded && $0.window == 0 })
            #expect(!events.contains { $0.kind == .opaque || $0.kind == .unreachable })
        }
    }
}

extension ClientOutcome {
    /// A dump has the rows that there are by then, and names of its own.
    fileprivate var withoutTokens: ClientOutcome {
        guard case .exit(let code, let output) = self else { return self }
        let lines = output.split(separator: "\n").filter { line in
            !line.contains(/[0-9a-f]{8}-[0-9a-f]{4}-/) && !line.hasPrefix("\\restrict")
                && !line.hasPrefix("\\unrestrict")
        }
        return .exit(code, output: lines.joined(separator: "\n"))
    }
}
