import Faults
import Proxy
import Testing
import Wire

/// Message faults before a real server: each command has one answer, in its place, and the server is in the state that goes
/// with what the client has heard.
@Suite struct RedisFaultTests {
    private static let loading = "-LOADING Redis is loading the dataset in memory~"
    private static let readonly = "-READONLY You can't write against a read only replica.~"

    // MARK: Lost

    @Test func aLostAnswerOfSetLeavesTheValue() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("lose-response", when: ["operation": "SET"])
            try await bed.client.send(bed.bytes("SET @a 1~"))
            #expect(await bed.client.ending() == .reset)
            #expect(try await bed.values("a") == ["1"])
            #expect(try await bed.links.struck() == 1)
            #expect(try await bed.links.messages(.response).last?.action == .lost)
        }
    }

    @Test func aLostSetLeavesNoValue() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("lose-request", when: ["operation": "SET"])
            try await bed.client.send(bed.bytes("SET @a 1~"))
            #expect(await bed.client.ending() == .reset)
            #expect(try await bed.values("a") == ["-"])
            #expect(try await bed.links.messages(.request).last?.action == .lost)
        }
    }

    @Test func aLostAnswerOfExecLeavesTheValues() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("lose-response", when: ["operation": "EXEC"])
            let lines = try await bed.python(
                """
                p = r.pipeline(); p.set(key("a"), "1"); p.set(key("b"), "2")
                try: p.execute()
                except redis.ConnectionError: print("lost")
                """)
            #expect(lines == ["lost"])
            #expect(try await bed.values("a", "b") == ["1", "2"])
        }
    }

    @Test func aLostExecLeavesNoValue() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("lose-request", when: ["operation": "EXEC"])
            let lines = try await bed.python(
                """
                p = r.pipeline(); p.set(key("a"), "1"); p.set(key("b"), "2")
                try: p.execute()
                except redis.ConnectionError: print("lost")
                """)
            #expect(lines == ["lost"])
            #expect(try await bed.values("a", "b") == ["-", "-"])
            #expect(
                try await bed.messages(.request).last?.transaction
                    == bed.messages(.request).last { $0.operation == "MULTI" }?.transaction)
        }
    }

    // MARK: Errors

    @Test func anErrorStandsInItsPlaceOfThePipeline() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("error", when: ["operation": "SET", "nth": "2"])
            try await bed.talk("SET @a 1~GET @a~SET @a 2~GET @a~", "+OK~$1~1~\(Self.loading)$1~1~")
            #expect(try await bed.values("a") == ["1"])
            let answers = try await bed.messages(.response)
            #expect(answers.map(\.exchange) == [1, 2, 3, 4])
            #expect(answers.map(\.code) == ["", "", "LOADING", ""])
            #expect(answers.map(\.action) == [.forwarded, .forwarded, .replied, .forwarded])
        }
    }

    /// What the link says itself waits for the answers before it.
    @Test func anErrorWaitsForWhatBlocks() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("redis-error", ["prefix": "READONLY"])
            try await bed.client.send(bed.bytes("XREAD BLOCK 20000 STREAMS @q $~SET @a 1~"))
            try await bed.links.eventually("both are under way") { $0.calls == 2 }
            #expect(bed.client.isQuiet)
            _ = try await bed.ask("XADD @q 1-1 f v~")
            let whole = "*1~*2~$\(bed.bytes("@q").count)~@q~*1~*2~$3~1-1~*2~$1~f~$1~v~\(Self.readonly)"
            #expect(try await bed.client.receive(bed.bytes(whole).count) == bed.bytes(whole))
        }
    }

    @Test func anErrorFailsTheTransactionOfTheServerToo() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("redis-error", ["prefix": "OOM"], when: ["key": "*b"])
            try await bed.talk(
                "MULTI~SET @a 1~SET @b 2~EXEC~GET @a~",
                "+OK~+QUEUED~-OOM command not allowed when used memory > 'maxmemory'.~"
                    + "-EXECABORT Transaction discarded because of previous errors.~$-1~")
            #expect(try await bed.values("a", "b") == ["-", "-"])
            #expect(try await bed.messages(.response).map(\.code) == ["", "", "OOM", "EXECABORT", ""])
            #expect(try await bed.messages(.request).map(\.transaction) == [1, 1, 1, 1, 2])
        }
    }

    @Test func aRefusedExecDiscardsTheTransaction() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("error", when: ["operation": "EXEC", "first": "1"])
            try await bed.talk(
                "MULTI~SET @a 1~EXEC~GET @a~MULTI~SET @a 2~EXEC~",
                "+OK~+QUEUED~-EXECABORT Transaction discarded because of: \(Self.loading.dropFirst())$-1~+OK~+QUEUED~*1~+OK~"
            )
        }
    }

    /// So it is with a real server: what should have been queued runs at once.
    @Test func aRefusedMultiBeginsNothing() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("permanent-error", when: ["operation": "MULTI"])
            try await bed.talk(
                "MULTI~SET @a 1~EXEC~",
                "-NOPERM this user has no permissions to run this command~+OK~-ERR EXEC without MULTI~")
            #expect(try await bed.values("a") == ["1"])
        }
    }

    /// The server gives the transaction up by itself.
    @Test func anExecThatFailsAnywayIsNotStruck() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("redis-error", ["prefix": "BUSY"], when: ["operation": "EXEC"])
            let refusal = "-ERR unknown command 'NONSENSE', with args beginning with: ~"
            try await bed.client.send(bed.bytes("MULTI~NONSENSE~"))
            #expect(try await bed.client.receive(bed.bytes("+OK~\(refusal)").count) == bed.bytes("+OK~\(refusal)"))
            try await bed.talk("EXEC~", "-EXECABORT Transaction discarded because of previous errors.~")
            #expect(try await bed.links.struck() == 0)
        }
    }

    @Test func aTransactionOfRedisPyFailsAsWithAServer() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("redis-error", ["prefix": "READONLY"], when: ["operation": "INCRBY", "first": "1"])
            let lines = try await bed.python(
                """
                def attempt():
                    p = r.pipeline(); p.set(key("a"), "1"); p.incr(key("a"))
                    try: print(p.execute())
                    except redis.ResponseError as error: print(type(error).__name__)
                attempt(); attempt()
                """)
            #expect(lines == ["ReadOnlyError", "[True, 2]"])
        }
    }

    // MARK: By the server's own rules

    @Test(arguments: [
        ("READONLY", ["SET", "DEL", "EVAL"]), ("OOM", ["SET", "EVAL"]),
        ("LOADING", ["PING", "GET", "SET", "DEL", "EVAL"]),
        ("MISCONF", ["SET", "DEL", "EVAL"]), ("BUSY", ["GET", "SET", "DEL", "EVAL", "CONFIG"]),
    ])
    func anErrorStrikesWhatTheServerWouldRefuse(prefix: String, struck: [String]) async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("redis-error", ["prefix": prefix])
            let commands = [
                "PING", "CLIENT ID", "SELECT 0", "GET @a", "SET @a 1", "DEL @a", "EVAL \"return 1\" 0",
                "CONFIG GET save",
            ]
            var refused: [String] = []
            for command in commands {
                try await bed.client.send(bed.bytes(command + "~"))
                if String(decoding: try await bed.client.receive(), as: UTF8.self).hasPrefix("-\(prefix) ") {
                    refused.append(String(command.prefix { $0 != " " }))
                }
            }
            #expect(refused == struck)
        }
    }

    @Test func errorsLeaveTheSetUpAloneUnlessAsked() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("error")
            try await bed.talk("CLIENT GETNAME~SELECT 0~GET @a~", "$-1~+OK~\(Self.loading)")
            try await bed.inject("error", when: ["operation": "CLIENT *"])
            try await bed.talk("CLIENT GETNAME~GET @a~", "\(Self.loading)$-1~")
        }
    }

    // MARK: After it was applied

    @Test func anErrorAfterItWasApplied() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("error-after-apply", when: ["operation": "INCR"])
            try await bed.talk(
                "SET @l x~INCR @a~INCR @l~GET @a~",
                "+OK~\(Self.loading)-ERR value is not an integer or out of range~$1~1~")
            // What the server refused itself was not struck.
            #expect(try await bed.links.struck() == 1)
            #expect(try await bed.links.links.progress()[1]?.notApplied == 1)
        }
    }

    @Test func anErrorAfterExec() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("error-after-apply", when: ["operation": "EXEC"])
            try await bed.talk("MULTI~SET @a 1~EXEC~GET @a~", "+OK~+QUEUED~\(Self.loading)$1~1~")
            // One that a watched key has failed was not applied.
            try await bed.talk("WATCH @a~", "+OK~")
            _ = try await bed.ask("SET @a 5~")
            try await bed.talk("MULTI~SET @a 6~EXEC~", "+OK~+QUEUED~*-1~")
            #expect(try await bed.links.struck() == 1)
        }
    }

    /// It is not applied before EXEC, so its transaction fails.
    @Test func anErrorAfterAQueuedCommandFailsItsTransaction() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("error-after-apply", when: ["operation": "SET"])
            try await bed.talk(
                "MULTI~SET @a 1~EXEC~",
                "+OK~\(Self.loading)-EXECABORT Transaction discarded because of previous errors.~")
            #expect(try await bed.values("a") == ["-"])
        }
    }

    // MARK: Others

    @Test func aCommandThatIsSentTwiceIsAppliedTwice() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("duplicate-request", when: ["operation": "INCR"])
            try await bed.talk("INCR @a~GET @a~", ":1~$1~2~")
            #expect(try await bed.messages(.request).map(\.action) == [.duplicated, .forwarded])
            // Within a transaction it is not.
            try await bed.talk("MULTI~INCR @a~EXEC~", "+OK~+QUEUED~*1~:3~")
            #expect(try await bed.links.links.progress()[1]?.notApplied == 1)
        }
    }

    /// A long one is kept as it passes, up to what the fault allows.
    @Test(arguments: [("1MiB", 80_000), ("30KiB", 40_000)]) func aLongCommandIsSentTwice(limit: String, length: Int)
        async throws
    {
        try await RedisTestbed.with { bed in
            try await bed.inject("duplicate-request", ["up-to": limit], when: ["operation": "APPEND"])
            let key = bed.bytes("@a").count
            let value = String(repeating: "x", count: 40_000)
            try await bed.client.send(bed.bytes("*3~$6~APPEND~$\(key)~@a~$40000~\(value)~"))
            #expect(try await bed.client.receiveText(8) == ":40000\r\n")
            try await bed.talk("STRLEN @a~", ":\(length)~")
        }
    }

    @Test func aDelayedAnswerDelaysThoseBehindIt() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject(
                "delay", ["time": "50ms"], when: ["operation": "GET", "direction": "response", "first": "1"])
            try await bed.talk("SET @a 1~GET @a~SET @b 2~", "+OK~$1~1~+OK~")
            let answers = try await bed.messages(.response)
            #expect(answers[1].action == .delayed && answers[1].end - answers[1].time >= 50_000_000)
        }
    }

    @Test(arguments: ["hang-request", "hang-response"]) func aClientGivesUpWaiting(kind: String) async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject(kind, when: ["operation": "SET", "nth": "2"])
            try await bed.client.send(bed.bytes("SET @a 1~SET @b 2~SET @c 3~"))
            #expect(try await bed.client.receiveText(5) == "+OK\r\n")
            try await bed.links.eventually("it hangs") { _ in try await bed.links.struck() == 1 }
            #expect(bed.client.isQuiet)
            #expect(try await bed.values("b") == (kind == "hang-request" ? ["-"] : ["2"]))
            try await bed.links.heal()
            #expect(await bed.client.ending() == .reset)
        }
    }

    @Test func aTruncatedAnswerBreaksItsConnection() async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject("truncate", ["after": "10B"], when: ["operation": "GET"])
            try await bed.talk("SET @a 1~GET @a~SET @a 0123456789~", "+OK~$1~1~+OK~")
            try await bed.client.send(bed.bytes("GET @a~"))
            #expect(try await bed.client.receiveAll() == "$10\r\n01234")
            #expect(try await bed.messages(.response).last?.action == .cut)
        }
    }

    @Test(arguments: ["close", "reset"]) func aConnectionEndsWithinAnAnswer(kind: String) async throws {
        try await RedisTestbed.with { bed in
            try await bed.inject(kind, ["after": "3B"], when: ["operation": "GET", "direction": "response"])
            try await bed.client.send(bed.bytes("SET @a 1~GET @a~SET @b 2~"))
            #expect(await bed.client.ending() == (kind == "close" ? nil : .reset))
            #expect(try await bed.messages(.response).last?.size == 3)
        }
    }
}
