import Glibc
import Proxy
import Stack
import Stores
import Subprocess
import Testing
import Wire

/// The native stack's Redis, a link to it, and keys of the test's own.
struct RedisTestbed {
    let links: TestLinks
    /// Through the link.
    let client: Peer
    /// Past the link.
    private let direct: Peer
    private let prefix: String
    /// Where the link listens.
    let address: String
    private let python: String

    static func with(_ body: (RedisTestbed) async throws -> Void) async throws {
        let stack = try NativeStack.current()
        let upstream = String(try #require(stack.endpoints.redis.firstMatch(of: /[0-9.]+:[0-9]+/)).0)
        let link = LinkConfiguration(name: "link", linkProtocol: .redis, service: .redis, upstream: upstream)
        try await TestLinks.with(link) { links in
            let bed = RedisTestbed(
                links: links, client: try await links.connect(), direct: try await Peer.connect(upstream),
                prefix: "faultline:" + String(UInt64.random(in: 0 ... .max), radix: 36) + ":",
                address: try links.address(), python: "\(stack.home.python)/bin/python")
            try await body(bed)
            // Nothing was taken for anything but Redis.
            let events = try await links.events()
            #expect(!events.contains { $0.kind == .opaque || $0.operation == "bytes" })
            _ = try await bed.ask(
                "EVAL \"for _,k in ipairs(redis.call('keys',ARGV[1])) do redis.call('del',k) end\" 0 @*~")
        }
    }

    /// `~` stands for the end of a line, `@` for what the keys of this test begin with.
    func bytes(_ text: String) -> [UInt8] {
        Array(text.replacing("~", with: "\r\n").replacing("@", with: prefix).utf8)
    }

    /// Sends commands as one types them, and expects these answers, no more and no fewer.
    func talk(
        _ commands: String, _ answers: String, over peer: Peer? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let peer = peer ?? client
        // What answers to PING shows that nothing stands before it.
        try await peer.send(bytes(commands + "PING last~"))
        let expected = bytes(answers + "$4~last~")
        let got = try await peer.receive(expected.count)
        #expect(
            String(decoding: got, as: UTF8.self).replacing("\r\n", with: "~")
                == String(decoding: expected, as: UTF8.self).replacing("\r\n", with: "~"),
            sourceLocation: sourceLocation)
        #expect(peer.isQuiet, sourceLocation: sourceLocation)
    }

    /// What the server says past the link to one command.
    func ask(_ command: String) async throws -> String {
        try await direct.send(bytes(command))
        return String(decoding: try await direct.receive(), as: UTF8.self).replacing("\r\n", with: "~")
    }

    /// The values of keys, as others see them; `-` for one that is not there.
    func values(_ keys: String...) async throws -> [String] {
        var values: [String] = []
        for key in keys {
            let parts = try await ask("GET @\(key)~").split(separator: "~")
            values.append(parts.count > 1 ? String(parts[1]) : "-")
        }
        return values
    }

    func inject(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:],
        when selector: KeyValuePairs<String, String> = [:]
    ) async throws {
        try await links.apply(.inject(kind, options, when: selector, over: .redis, service: .redis))
    }

    /// What redis-cli prints.
    func cli(_ arguments: String..., input: String = "") async throws -> String {
        try await run("redis-cli", ["-p", port] + arguments, input: input)
    }

    /// What a script of redis-py prints; `r` is a client through the link without retries, `key` makes a key of this test.
    func python(_ script: String, protocolVersion: Int = 2) async throws -> [String] {
        let head = """
            import redis
            from redis.retry import Retry
            from redis.backoff import NoBackoff
            r = redis.Redis(port=\(port), protocol=\(protocolVersion), retry=Retry(NoBackoff(), 0), socket_timeout=15)
            key = lambda name: "\(prefix)" + name

            """
        let text = try await run(python, ["-c", head + script])
        return text.split(separator: "\n").map(String.init)
    }

    private var port: String { String(address.split(separator: ":").last ?? "") }

    func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String {
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments([program] + arguments), input: .string(input),
            output: .string(limit: 8 << 20),
            error: .string(limit: 1 << 20))
        return result.standardOutput + result.standardError
    }

    /// The messages of the client's that say something, in the order of their exchanges.
    func messages(_ direction: Direction) async throws -> [WireEvent] {
        try await links.messages(direction).filter { $0.operation != "PING" }
    }
}
