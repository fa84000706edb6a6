import Faults
import Glibc
import Proxy
import Reactor
import Stores
import Testing
import Wire

/// Faults that strike what one user of a link sends alone, before real servers.
@Suite struct ScopeLinkTests {
    @Test func aHeaderOfTheRequestScopesItsAnswer() async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { links in
            let fault = try Window.inject("set-header", ["name": "X-Mark", "value": "here"], over: .http)
            try await links.apply(
                fault.scoped(to: Scope(headers: [ContentPattern.Header("X-Test", Glob("one"))])))
            let talk = try await HTTPTalk(links)
            var marked: [Bool] = []
            for headers in [["X-Test: one"], ["X-Test: two"], [], ["x-test: one"]] {
                marked.append(try await talk.ask("GET /fixed/2", headers).header("X-Mark") == "here")
            }
            #expect(marked == [true, false, false, true])
            #expect(try await links.struck() == 2)
        }
    }

    @Test func aPortScopesAConnection() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let mine = try await links.connect()
            let served = try await listener.accept()
            let other = try await links.connect()
            let server = try await listener.accept()
            let port = try SocketAddress.local(of: mine.descriptor).port
            try await links.apply(try Window.inject("reset").scoped(to: Scope(ports: [port...port])))
            try await other.send(Array("other".utf8))
            #expect(try await server.receiveText(5) == "other")
            try await mine.send(Array("mine".utf8))
            await #expect(throws: Peer.Failure.reset) { try await mine.receive(1) }
            #expect(try await links.struck() == 1)
            _ = served
        }
    }

    @Test func aKeyScopesACommand() async throws {
        try await RedisTestbed.with { bed in
            let fault = try Window.inject("redis-error", ["prefix": "OOM"], over: .redis, service: .redis)
            try await bed.links.apply(fault.scoped(to: Scope(keys: [Glob("*:mine")])))
            let oom = "-OOM command not allowed when used memory > 'maxmemory'."
            try await bed.talk("SET @other 1~MSET @other 1 @mine 1~SET @mine 1~", "+OK~\(oom)~\(oom)~")
        }
    }

    /// A COMMIT belongs to what its transaction was given.
    @Test func aDocumentScopesItsTransaction() async throws {
        try await PostgresTestbed.with { bed in
            try await bed.direct.execute("CREATE TABLE d (id text)")
            let fault = try Window.inject(
                "lose-response", when: ["operation": "COMMIT"], over: .postgres, service: .postgres)
            try await bed.links.apply(fault.scoped(to: Scope(documents: ["doc-1"])))
            func insert(_ id: String) async throws {
                try await bed.client.transaction { try await $0.query("INSERT INTO d VALUES ($1)", [id]) }
            }
            try await insert("doc-10")
            let error = try await bed.failure { try await insert("doc-1") }
            #expect(error.operation == "COMMIT" && error.outcome == .indefinite)
            try await insert("doc-2")
            #expect(try await bed.links.struck() == 1)
        }
    }

    /// While no fault looked at it, another transaction has begun.
    @Test func whatAFormerTransactionWasGivenIsForgotten() async throws {
        try await PostgresTestbed.with { bed in
            let fault = try Window.inject(
                "lose-response", when: ["operation": "COMMIT"], over: .postgres, service: .postgres
            ).scoped(to: Scope(documents: ["doc-1"]))
            try await bed.links.apply(fault)
            try await bed.client.transaction { transaction in
                try await transaction.query("SELECT $1::text", ["doc-1"])
                try await bed.links.heal()
            }
            try await bed.client.transaction { transaction in
                try await transaction.query("SELECT $1::text", ["doc-2"])
                try await bed.links.apply(fault)
            }
            #expect(try await bed.links.struck() == 0)
        }
    }

    @Test func aDocumentScopesAStatementAndItsParameters() async throws {
        try await PostgresTestbed.with { bed in
            let fault = try Window.inject("error", over: .postgres, service: .postgres)
            try await bed.links.apply(fault.scoped(to: Scope(documents: ["4711"])))
            _ = try await bed.client.query("SELECT $1::text", ["47110"])
            _ = try await bed.failure { _ = try await bed.client.query("SELECT $1::text", ["4711"]) }
            _ = try await bed.failure { _ = try await bed.client.query("SELECT 4711", []) }
            #expect(try await bed.links.struck() == 2)
        }
    }

    @Test func aDocumentScopesATransactionOverBolt() async throws {
        try await BoltTestbed.with { bed in
            let fault = try Window.inject(
                "error", when: ["operation": "COMMIT"], over: .bolt, service: .neo4j)
            try await bed.links.apply(fault.scoped(to: Scope(documents: ["doc-1"])))
            func create(_ id: String) async throws {
                try await bed.client.transaction {
                    try await $0.run("CREATE (n:\(bed.label) {name: $name})", ["name": .string(id)])
                }
            }
            try await create("doc-10")
            await #expect(throws: (any Error).self) { try await create("doc-1") }
            try await create("doc-2")
            #expect(try await bed.links.struck() == 1)
        }
    }
}
