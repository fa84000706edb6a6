import Proxy
import Testing
import Wire

/// Everything that clients send is told apart: no connection of theirs becomes one of mere bytes.
@Suite(.serialized) struct OpaqueShareTests {
    @Test(arguments: ["simple", "extended", "prepared"])
    func pgbenchIsReadWhole(_ mode: String) async throws {
        try await ClientLinks.with(.postgres) { links in
            let url = "postgresql://app@\(links.address)/app"
            // Its tables are filled by COPY through the link too.
            try await expectSuccess(["pgbench", "-i", "-q", url])
            try await expectSuccess(["pgbench", "-n", "-M", mode, "-c", "4", "-j", "2", "-t", "50", url])
            try await expectSuccess(["pgbench", "-i", "-I", "d", url])
            let events = try await links.events()
            expectNothingOpaque(events)
            let operations = Dictionary(grouping: events.filter { $0.direction == .request }, by: \.operation)
            // Filling the tables has a transaction of its own.
            #expect(operations["COMMIT"]?.count == 201)
            #expect(operations["UPDATE pgbench_accounts"]?.count == 200)
            #expect(operations["INSERT pgbench_history"]?.count == 200)
        }
    }

    @Test(arguments: [
        (Client.psycopg(.pipeline), "write"), (.psycopg(.extended), "work"), (.psycopg(.extended), "copy-in"),
        (.psycopg(.extended), "copy-out"), (.pgDump, "dump"), (.psql, "script"), (.redis(.five), "work"),
        (.redis(.six), "work"), (.redis(.newest), "work"), (.redis(.parser), "work"), (.redisCLI, "transaction"),
        (.hiredis, "transaction"), (.neo4j(.four), "work"), (.neo4j(.five), "work"), (.neo4j(.newest), "work"),
    ])
    func aClientIsReadWhole(_ client: Client, _ operation: String) async throws {
        _ = try await ClientServers.prepared.value
        try await ClientLinks.with(client.service) { links in
            let outcome = try await client.perform(operation, at: links.address, token: ClientServers.token())
            if case .failure = outcome { Issue.record("\(outcome)") }
            if case .exit(let code, _) = outcome { #expect(code == 0, "\(outcome)") }
            expectNothingOpaque(try await links.events())
        }
    }

    private func expectNothingOpaque(_ events: [WireEvent]) {
        #expect(!events.contains { $0.kind == .opaque })
        let messages = events.filter { $0.kind == .message }
        // A label is missing where a statement was not understood.
        let unlabelled = messages.filter { $0.operation.isEmpty || $0.operation == "EXECUTE" }
        #expect(unlabelled.count * 100 <= messages.count, "\(unlabelled.prefix(3))")
        // Every request has its answer: the place among the messages was never lost.
        let requests = messages.count { $0.direction == .request && $0.operation != "CancelRequest" }
        #expect(messages.count { $0.direction == .response } == requests)
    }

    private func expectSuccess(_ words: [String]) async throws {
        let answer = try await ClientProgram.run(words)
        #expect(answer.code == 0, "\(words): \(answer.error)")
    }
}
