import Proxy
import Testing
import Wire

/// A bolt link, byte by byte, before a server that the test plays itself.
@Suite struct BoltBytesTests {
    private func linked(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        let link = LinkConfiguration(name: "link", linkProtocol: .bolt, upstream: listener.address)
        try await TestLinks.with(link) { links in
            let client = try await links.connect()
            try await body(links, client, try await listener.accept())
        }
    }

    private static let offer: [UInt8] = [
        0x60, 0x60, 0xB0, 0x17, 0, 0, 1, 0xFF, 0, 8, 8, 5, 0, 2, 4, 4, 0, 0, 0, 0,
    ]
    private static let noop: [UInt8] = [0, 0]

    /// A session as it stands when it has begun.
    private func begun(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        try await linked { links, client, server in
            try await client.send(Self.offer)
            _ = try await server.receive(20)
            try await server.send([0, 0, 4, 5])
            _ = try await client.receive(4)
            try await body(links, client, server)
        }
    }

    private static let asked =
        BoltSpeaker.message(BoltTag.hello, [:]) + BoltSpeaker.message(BoltTag.logon, [:]) + noop + BoltSpeaker.begin
        + BoltSpeaker.run("CREATE (n:Chunk {text: '\(String(repeating: "x", count: 300))'})") + BoltSpeaker.pull
        + BoltSpeaker.commit + noop + BoltSpeaker.run("RETURN 1") + BoltSpeaker.pull
    private static let success = BoltSpeaker.message(BoltTag.success, [:])
    private static let answered =
        success + success + noop + success + success + noop + success
        + BoltSpeaker.message(
            BoltTag.failure, ["code": "Neo.ClientError.Transaction.TransactionTimedOut", "message": ""])
        + BoltSpeaker.message(BoltTag.ignored) + BoltSpeaker.message(BoltTag.ignored)

    @Test(arguments: [1, 2, 3, 7, 1000]) func theSameHoweverItIsCut(length: Int) async throws {
        try await begun { links, client, server in
            for (sender, receiver, bytes) in [(client, server, Self.asked), (server, client, Self.answered)] {
                for start in stride(from: 0, to: bytes.count, by: length) {
                    try await sender.send(Array(bytes[start..<min(start + length, bytes.count)]))
                    // What is taken in so far is dealt with before more comes.
                    _ = try await links.links.inFlight()
                }
                #expect(try await receiver.receive(bytes.count) == bytes)
            }
            let requests = try await links.messages(.request)
            #expect(requests.map(\.operation) == ["startup", "BEGIN", "CREATE Chunk", "COMMIT", "RETURN"])
            #expect(requests.map(\.transaction) == [0, 1, 1, 1, 2])
            let answers = try await links.messages(.response)
            #expect(answers.map(\.exchange) == [1, 2, 3, 4, 5])
            #expect(
                answers.map(\.code) == ["", "", "", "Neo.ClientError.Transaction.TransactionTimedOut", ""])
            try await links.eventually("nothing is under way") { $0.calls == 0 }
        }
    }

    @Test func aManifestPasses() async throws {
        try await linked { links, client, server in
            try await client.send(Self.offer)
            #expect(try await server.receive(20) == Self.offer)
            let list: [UInt8] = [0, 0, 1, 0xFF, 1, 0, 8, 8, 5, 0]
            try await server.send(list)
            #expect(try await client.receive(list.count) == list)
            let rest = [0, 0, 8, 5, 0] + BoltSpeaker.message(BoltTag.hello, [:])
            try await client.send(rest)
            #expect(try await server.receive(rest.count) == rest)
            #expect(try await links.events().allSatisfy { $0.kind != .opaque })
        }
    }

    /// Messages that come with the handshake wait for its answer, and for as long no more is read.
    @Test func whatComesBeforeThereIsAVersionWaits() async throws {
        try await linked { links, client, server in
            let hello = BoltSpeaker.message(BoltTag.hello, [:])
            try await client.send(Self.offer + hello)
            #expect(try await server.receive(20) == Self.offer)
            try await server.send([0, 0, 4, 5])
            #expect(try await server.receive(hello.count) == hello)
            #expect(try await links.messages(.request).map(\.operation) == ["startup"])
        }
    }

    /// An encrypted connection, another protocol, another version.
    @Test(arguments: [[0x16, 3, 1, 2, 0, 1], Array("GET / HTTP/1.1\r\n\r\n".utf8)] as [[UInt8]])
    func whatIsNoBoltPassesAsBytes(bytes: [UInt8]) async throws {
        try await linked { links, client, server in
            try await client.send(bytes)
            #expect(try await server.receive(bytes.count) == bytes)
            try await server.send("x")
            #expect(try await client.receiveText(1) == "x")
            let events = try await links.events()
            #expect(events.count { $0.kind == .opaque } == 1)
            #expect(events.filter { $0.operation == "bytes" }.reduce(0) { $0 + $1.size } == bytes.count + 1)
        }
    }

    @Test func anOldVersionPassesAsBytes() async throws {
        try await linked { links, client, server in
            try await client.send(Self.offer + [1, 2, 3])
            _ = try await server.receive(20)
            try await server.send([0, 0, 0, 3])
            #expect(try await client.receive(4) == [0, 0, 0, 3])
            #expect(try await server.receive(3) == [1, 2, 3])
            #expect(try await links.events().contains { $0.kind == .opaque })
        }
    }

    @Test func aServerThatRefusesAllVersionsEnds() async throws {
        try await linked { links, client, server in
            try await client.send(Self.offer + [1, 2, 3])
            _ = try await server.receive(20)
            try await server.send([0, 0, 0, 0])
            server.close()
            #expect(try await client.receive(4) == [0, 0, 0, 0])
            #expect(await client.ending() != .silence)
        }
    }

    @Test(arguments: [Direction.request, .response]) func nonsensePassesAsBytes(direction: Direction) async throws {
        try await begun { links, client, server in
            let (sender, receiver) = direction == .request ? (client, server) : (server, client)
            let nonsense: [UInt8] = [0, 3, 0x10, 0xFF, 0xFF, 0, 0, 1, 2, 3]
            try await sender.send(nonsense)
            #expect(try await receiver.receive(nonsense.count) == nonsense)
            try await receiver.send("x")
            #expect(try await sender.receiveText(1) == "x")
            #expect(try await links.events().count { $0.kind == .opaque } == 1)
        }
    }

    /// The client is owed an error that only a server that makes sense could have led to.
    @Test func whoIsOwedAnAnswerIsResetWhenTheServerMakesNoSense() async throws {
        try await begun { links, client, server in
            try await links.apply(.inject("error", when: ["operation": "RETURN"], over: .bolt, service: .neo4j))
            try await client.send(BoltSpeaker.run("RETURN 1"))
            _ = try await server.receive()
            try await server.send([0, 3, 0x10, 0xFF, 0xFF, 0, 0])
            await #expect(throws: Peer.Failure.reset) { _ = try await client.receive() }
        }
    }

    /// Messages that come together leave together, whatever their borders.
    @Test func whatComesTogetherLeavesTogether() async throws {
        try await begun { links, client, server in
            try await client.send(Self.asked)
            #expect(try await server.receive(atMost: 1 << 16) == Self.asked)
            try await server.send(Self.answered)
            #expect(try await client.receive(atMost: 1 << 16) == Self.answered)
        }
    }

    /// A long message streams by, in chunks of any size; memory stays bounded while nobody reads it.
    @Test func longMessagesStream() async throws {
        try await begun { links, client, server in
            let record = BoltSpeaker.message(BoltTag.record, [.string(String(repeating: "y", count: 8 << 20))])
            async let sent: Void = server.send(record)
            try await links.expectBoundedMemory()
            #expect(try await client.receive(record.count) == record)
            try await sent
        }
    }
}
