import Proxy
import Testing
import Wire

/// A redis link, byte by byte, before a server that the test plays itself.
@Suite struct RedisBytesTests {
    private func linked(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        let link = LinkConfiguration(name: "link", linkProtocol: .redis, upstream: listener.address)
        try await TestLinks.with(link) { links in
            let client = try await links.connect()
            try await body(links, client, try await listener.accept())
        }
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.replacing("~", with: "\r\n").utf8) }

    private static let asked = bytes("*3~$3~SET~$1~k~$5~value~get k~*2~$9~SUBSCRIBE~$1~c~*1~$4~PING~")
    private static let answered = bytes("+OK~$5~value~*3~$9~subscribe~$1~c~:1~*3~$7~message~$1~c~$0~~*2~$4~pong~$0~~")

    @Test(arguments: [1, 2, 3, 7, 1000]) func theSameHoweverItIsCut(length: Int) async throws {
        try await linked { links, client, server in
            for (sender, receiver, bytes) in [(client, server, Self.asked), (server, client, Self.answered)] {
                for start in stride(from: 0, to: bytes.count, by: length) {
                    try await sender.send(Array(bytes[start..<min(start + length, bytes.count)]))
                    // What is taken in so far is dealt with before more comes.
                    _ = try await links.links.inFlight()
                }
                #expect(try await receiver.receive(bytes.count) == bytes)
            }
            #expect(try await links.messages(.request).map(\.operation) == ["SET", "GET", "SUBSCRIBE", "PING"])
            let answers = try await links.messages(.response)
            #expect(answers.map(\.exchange) == [1, 2, 3, 4])
            #expect(answers.map(\.size) == [5, 11, 30, 20])
        }
    }

    @Test(arguments: [Direction.request, .response], ["$-2~x~", "*4294967296~", "$a~", "\u{16}\u{3}"])
    func whatIsNoMessagePassesAsBytes(direction: Direction, nonsense: String) async throws {
        try await linked { links, client, server in
            let (sender, receiver) = direction == .request ? (client, server) : (server, client)
            if direction == .response {
                try await client.send("PING\r\n")
                _ = try await server.receive(6)
            }
            let bytes = Self.bytes(direction == .request && nonsense.hasPrefix("$") ? "*1~" + nonsense : nonsense)
            try await sender.send(bytes)
            #expect(try await receiver.receive(bytes.count) == bytes)
            // From here on both ways are bytes, and told of as such.
            try await receiver.send("x")
            #expect(try await sender.receiveText(1) == "x")
            #expect(try await links.events().count { $0.kind == .opaque } == 1)
        }
    }

    /// The client is owed an error that only answers that make sense can bring to its place.
    @Test func whoIsOwedAnAnswerIsResetWhenTheServerMakesNoSense() async throws {
        try await linked { links, client, server in
            try await links.apply(.inject("error", when: ["operation": "SET"], over: .redis, service: .redis))
            try await client.send("PING\r\nSET a 1\r\n")
            #expect(try await server.receive(6) == Array("PING\r\n".utf8))
            try await server.send("nonsense\r\n")
            #expect(await client.ending() == .reset)
        }
    }

    /// A server that turns clients away says so before anybody asks.
    @Test func anErrorThatNobodyAskedForPasses() async throws {
        try await linked { links, client, server in
            try await server.send("-ERR max number of clients reached\r\n")
            server.close()
            #expect(try await client.receiveAll() == "-ERR max number of clients reached\r\n")
            #expect(try await !links.events().contains { $0.kind == .opaque })
        }
    }

    /// The link's own answer stands in no other message's middle.
    @Test func anOwnAnswerWaitsForAPushToEnd() async throws {
        try await linked { links, client, server in
            try await client.send("HELLO 3\r\n")
            _ = try await server.receive(9)
            let (greeting, push) = ("%0~", ">2~$10~invalidate~*1~$3~key~")
            try await server.send(Self.bytes(greeting) + Self.bytes(push).dropLast(4))
            #expect(try await client.receive(Self.bytes(greeting + push).count - 4).count > 0)
            try await links.apply(.inject("error", when: ["operation": "SET"], over: .redis, service: .redis))
            try await client.send("SET a 1\r\n")
            try await links.eventually("it is under way") { $0.calls == 1 }
            #expect(client.isQuiet)
            try await server.send(Array(Self.bytes(push).suffix(4)))
            let rest =
                Array(Self.bytes(push).suffix(4)) + Self.bytes("-LOADING Redis is loading the dataset in memory~")
            #expect(try await client.receive(rest.count) == rest)
        }
    }

    /// Attributes belong to the value behind them, and go where that goes.
    @Test func attributesGoWithTheirValue() async throws {
        try await linked { links, client, server in
            try await links.apply(.inject("error-after-apply", over: .redis, service: .redis))
            let refusal = "-LOADING Redis is loading the dataset in memory~"
            for (answer, expected) in [("|1~+a~*1~+b~+OK~", refusal), ("|1~+a~:1~-ERR x~", "-ERR x~")] {
                try await client.send("GET a\r\n")
                _ = try await server.receive(7)
                for byte in Self.bytes(answer) { try await server.send([byte]) }
                #expect(try await client.receive(Self.bytes(expected).count) == Self.bytes(expected))
            }
            #expect(try await links.struck() == 1)
        }
    }

    /// Commands that nobody answers are not taken in for ever.
    @Test func aPipelineThatIsNotAnsweredIsBounded() async throws {
        try await linked { links, client, server in
            let commands = Array(String(repeating: "PING\r\n", count: 1 << 17).utf8)
            try await client.send(commands)
            #expect(try await server.receive(commands.count).count == commands.count)
            try await client.send("PING\r\nPING\r\n")
            try await links.eventually("all that may be is under way") { $0.calls == 1 << 17 }
            #expect(server.isQuiet)
            try await server.send(Array(String(repeating: "+PONG\r\n", count: 1 << 16).utf8))
            #expect(try await client.receive(7 << 16).count == 7 << 16)
            #expect(try await server.receiveText(12) == "PING\r\nPING\r\n")
        }
    }

    @Test func aReplicaIsBytes() async throws {
        try await linked { links, client, server in
            try await client.send("PSYNC ? -1\r\nREPLCONF ACK 0\r\n")
            #expect(try await server.receive(28).count == 28)
            try await server.send("+FULLRESYNC abc 0\r\n$5\r\nREDIS*1\r\n$4\r\nPING\r\n")
            #expect(try await client.receive(42).count == 42)
            #expect(try await links.messages(.request).first?.operation == "PSYNC")
            #expect(try await links.events().contains { $0.kind == .opaque })
        }
    }
}
