import Stores
import Testing

@Suite struct RedisClientTests {
    let servers: Servers
    let key = Servers.unique("key")

    init() throws {
        servers = try Servers()
    }

    private func relay(_ trap: Relay.Trap = .none) throws -> Relay {
        try Relay(upstream: Servers.port(of: servers.endpoints.redis), trap: trap)
    }

    private func client(_ relay: Relay, _ timeouts: Timeouts = .standard) -> RedisClient {
        RedisClient(endpoint: Servers.through(relay, servers.endpoints.redis), connections: 1, timeouts: timeouts)
    }

    @Test func repliesOfEveryType() async throws {
        #expect(try await servers.redis.command("PING") == .status("PONG"))
        #expect(try await servers.redis.command("GET", key) == .null)
        #expect(try await servers.redis.command("SET", key, "naïve ☃") == .status("OK"))
        #expect(try await servers.redis.command("GET", key).string == "naïve ☃")
        #expect(try await servers.redis.command("DEL", key) == .integer(1))
        _ = try await servers.redis.command("HSET", key, "a", "1", "b", "")
        #expect(try await servers.redis.command("HGETALL", key).fields == ["a": "1", "b": ""])
        _ = try await servers.redis.command("DEL", key)
    }

    @Test func argumentsMayHoldAnything() async throws {
        for text in ["", "a\0b", "\r\n$3\r\n", "é"] {
            #expect(try await servers.redis.command("ECHO", text).string == text)
        }
    }

    @Test func fiveMegabytesGoThereAndBack() async throws {
        let text = String(repeating: "0123456789", count: 500_000)
        _ = try await servers.redis.command("SET", key, text)
        #expect(try await servers.redis.command("GET", key).string == text)
        _ = try await servers.redis.command("DEL", key)
    }

    @Test func errorRepliesCarryTheirPrefix() async throws {
        _ = try await servers.redis.command("SET", key, "text")
        let error = try await failure { _ = try await servers.redis.command("HGETALL", key) }
        #expect(error.code == "WRONGTYPE")
        #expect(error.operation == "HGETALL")
        #expect(error.outcome == .definite)
        #expect(!error.isTransient)
        _ = try await servers.redis.command("DEL", key)
    }

    @Test func aPipelineOfThousandsKeepsOrder() async throws {
        let commands = (0..<5000).map { ["ECHO", "\($0)"] }
        let replies = try await servers.redis.pipeline(commands)
        #expect(replies.map(\.string) == (0..<5000).map { "\($0)" })
    }

    @Test func aPipelineWithAnErrorIsInDoubt() async throws {
        let error = try await failure {
            _ = try await servers.redis.pipeline([["SET", key, "x"], ["HGET", key, "f"], ["DEL", key]])
        }
        #expect(error.code == "WRONGTYPE")
        #expect(error.outcome == .indefinite)
        #expect(try await servers.redis.command("EXISTS", key) == .integer(0))
    }

    @Test func transactionsAreAppliedWholeOrNotAtAll() async throws {
        let replies = try await servers.redis.transaction([["SET", key, "1"], ["INCR", key]])
        #expect(replies == [.status("OK"), .integer(2)])
        let error = try await failure {
            _ = try await servers.redis.transaction([["SET", key, "9"], ["NO-SUCH-COMMAND"]])
        }
        #expect(error.code == "ERR")
        #expect(error.outcome == .definite)
        #expect(try await servers.redis.command("GET", key).string == "2")
        _ = try await servers.redis.command("DEL", key)
    }

    @Test func databasesAreApart() async throws {
        let other = RedisClient(endpoint: servers.endpoints.redis.replacing(/\/0$/, with: "") + "/5")
        _ = try await other.command("SET", key, "five")
        #expect(try await servers.redis.command("GET", key) == .null)
        #expect(try await other.command("DEL", key) == .integer(1))
    }

    @Test func aWrongPasswordIsDefinite() async throws {
        let endpoint = servers.endpoints.redis.replacing("redis://", with: "redis://nobody:wrong@")
        let error = try await failure { _ = try await RedisClient(endpoint: endpoint).command("PING") }
        #expect(error.code == "WRONGPASS")
        #expect(error.outcome == .definite)
        #expect(!error.isTransient)
    }

    @Test func connectionRefused() async throws {
        let client = RedisClient(endpoint: "redis://127.0.0.1:\(try Relay.closedPort())")
        let error = try await failure { _ = try await client.command("PING") }
        #expect(error.code == StoreError.Code.connect)
        #expect(error.outcome == .definite)
        #expect(error.isTransient)
    }

    @Test func aServerThatNeverAnswersTimesOut() async throws {
        let relay = try Relay()
        defer { relay.stop() }
        let error = try await failure {
            _ = try await client(relay).command(["INCR", key], timeout: .seconds(2))
        }
        #expect(error.isTimeout)
        #expect(error.outcome == .indefinite)
    }

    @Test func cancellationEndsTheWait() async throws {
        let relay = try relay(.hang(Array(key.utf8)))
        defer { relay.stop() }
        let client = client(relay)
        let task = Task { try await client.command(["INCR", key], timeout: .seconds(3600)) }
        await relay.waitUntilSprung()
        task.cancel()
        #expect(try await failure { _ = try await task.value }.isCancellation)
        #expect(try await client.command("PING") == .status("PONG"))
    }

    @Test func aLostAnswerIsInDoubtAndNotRetried() async throws {
        let relay = try relay(.loseAnswer(Array(key.utf8)))
        defer { relay.stop() }
        let client = client(relay)
        _ = try await client.command("PING")
        let error = try await failure { _ = try await client.command("INCR", key) }
        #expect(error.code == StoreError.Code.connectionLost)
        #expect(error.outcome == .indefinite)
        #expect(relay.sprung == 1)
        _ = try await servers.redis.command("DEL", key)
    }

    @Test func aConnectionThatDiedIdleIsReplaced() async throws {
        let relay = try relay()
        defer { relay.stop() }
        let client = client(relay)
        let id = try await client.command("CLIENT", "ID").integer
        _ = try await servers.redis.command("CLIENT", "KILL", "ID", "\(try #require(id))")
        await relay.waitUntilClosed()
        #expect(try await client.command("PING") == .status("PONG"))
        #expect(relay.accepted == 2)
    }

    /// Alone, and as what is queued is answered within MULTI.
    @Test(arguments: [RedisRecovery.none, .keepsReplicas])
    func aConnectionToAReplicaIsReplaced(recovery: RedisRecovery) async throws {
        let relay = try relay()
        defer { relay.stop() }
        let client = RedisClient(
            endpoint: Servers.through(relay, servers.endpoints.redis), connections: 1, recovery: recovery)
        let refusal = "return redis.error_reply('READONLY You can not write against a read only replica.')"
        let error = try await failure { _ = try await client.command("EVAL", refusal, "0") }
        #expect(error.code == "READONLY" && error.isTransient && error.outcome == .definite)
        #expect(try await client.command("PING") == .status("PONG"))
        #expect(relay.accepted == (recovery == .none ? 2 : 1))
    }

    @Test func twentyCallsAtOnceShareTheConnections() async throws {
        let client = RedisClient(endpoint: servers.endpoints.redis, connections: 3)
        let answers = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<20 { group.addTask { try await client.command("ECHO", "\(number)").string } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(answers == Set((0..<20).map { "\($0)" }))
    }
}
