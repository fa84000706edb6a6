import Proxy
import Testing
import Wire

/// A postgres link, byte by byte, before a server that the test plays itself.
@Suite struct PostgresBytesTests {
    private func linked(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        let link = LinkConfiguration(name: "link", linkProtocol: .postgres, upstream: listener.address)
        try await TestLinks.with(link) { links in
            let client = try await links.connect()
            try await body(links, client, try await listener.accept())
        }
    }

    private static func number(_ number: Int32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * Int32($0))) }
    }

    /// `~` stands for a byte 0.
    private static func message(_ type: String, _ body: String) -> [UInt8] {
        Array(type.utf8) + number(Int32(body.utf8.count + 4)) + body.utf8.map { $0 == 0x7E ? 0 : $0 }
    }

    private static let startup = number(16) + number(196_608) + Array("user".utf8) + [0, 0x6D, 0, 0]
    private static let encryption = [number(8) + number(80_877_103), number(8) + number(80_877_104)]
    private static let greeting = message("R", "~~~~") + message("S", "a~b~") + message("Z", "I")

    @Test func encryptionIsRefused() async throws {
        try await linked { links, client, server in
            for request in Self.encryption {
                try await client.send(request)
                #expect(try await client.receiveText(1) == "N")
            }
            #expect(server.isQuiet)
            try await client.send(Self.startup)
            #expect(try await server.receive(Self.startup.count) == Self.startup)
            try await server.send(Self.greeting)
            #expect(try await client.receive(Self.greeting.count) == Self.greeting)
            #expect(try await links.messages().map(\.operation) == ["startup", "startup"])
        }
    }

    private static let asked =
        message("Q", "BEGIN~") + message("P", "s~INSERT INTO t VALUES ($1)~~~") + message("B", "~s~~~~~~~~")
        + message("E", "~~~~~") + message("S", "") + message("Q", "COPY t FROM STDIN~") + message("d", "1\n")
        + message("c", "")
    private static let answered =
        message("C", "BEGIN~") + message("Z", "T") + message("1", "") + message("2", "") + message("C", "INSERT 0 1~")
        + message("Z", "T") + message("G", "~~~") + message("N", "~") + message("E", "SERROR~C22P02~~")
        + message("Z", "E")

    @Test(arguments: [1, 2, 3, 7, 1000]) func theSameHoweverItIsCut(length: Int) async throws {
        try await linked { links, client, server in
            for (sender, receiver, bytes) in [
                (client, server, Self.startup), (server, client, Self.greeting), (client, server, Self.asked),
                (server, client, Self.answered),
            ] {
                var got: [UInt8] = []
                for start in stride(from: 0, to: bytes.count, by: length) {
                    try await sender.send(Array(bytes[start..<min(start + length, bytes.count)]))
                    // What is taken in so far is dealt with before more comes.
                    _ = try await links.links.inFlight()
                }
                got = try await receiver.receive(bytes.count)
                #expect(got == bytes)
            }
            let requests = try await links.messages(.request)
            #expect(requests.map(\.operation) == ["startup", "BEGIN", "INSERT t", "COPY t"])
            #expect(requests.map(\.transaction) == [0, 1, 1, 1])
            let answers = try await links.messages(.response)
            #expect(answers.map(\.exchange) == [1, 2, 3, 4])
            #expect(answers.map(\.code) == ["", "", "", "22P02"])
        }
    }

    /// Lengths that cannot be, from either side.
    @Test(arguments: [Direction.request, .response], [Int32(-1), 0, 3, .max, .min])
    func whatIsNoMessagePassesAsBytes(direction: Direction, length: Int32) async throws {
        try await linked { links, client, server in
            try await client.send(Self.startup)
            _ = try await server.receive(Self.startup.count)
            try await server.send(Self.greeting)
            _ = try await client.receive(Self.greeting.count)
            let (sender, receiver) = direction == .request ? (client, server) : (server, client)
            let nonsense = Array("D".utf8) + Self.number(length) + Array("and so on".utf8)
            try await sender.send(nonsense)
            #expect(try await receiver.receive(nonsense.count) == nonsense)
            // From here on both ways are bytes, and told of as such.
            try await receiver.send("x")
            #expect(try await sender.receiveText(1) == "x")
            let events = try await links.events()
            #expect(events.count { $0.kind == .opaque } == 1)
            #expect(events.filter { $0.operation == "bytes" }.reduce(0) { $0 + $1.size } == nonsense.count + 1)
        }
    }

    /// A session as it stands when it has begun.
    private func begun(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        try await linked { links, client, server in
            try await client.send(Self.startup)
            _ = try await server.receive(Self.startup.count)
            try await server.send(Self.greeting)
            _ = try await client.receive(Self.greeting.count)
            try await body(links, client, server)
        }
    }

    /// What the server skips is answered never: a run that waits until no call is under way must not wait for it.
    @Test func whatTheServerSkipsIsNotUnderWay() async throws {
        try await begun { links, client, server in
            let run = Self.message("B", "~s~~~~~~~~") + Self.message("E", "~~~~~")
            let batch = Self.message("P", "s~INSERT INTO t VALUES ($1)~~~") + run + run + run + Self.message("S", "")
            try await client.send(batch)
            #expect(try await server.receive(batch.count) == batch)
            #expect(try await links.links.inFlight().calls == 3)
            let failed = Self.message("1", "") + Self.message("E", "SERROR~C23505~~") + Self.message("Z", "I")
            try await server.send(failed)
            #expect(try await client.receive(failed.count) == failed)
            try await links.eventually("nothing is under way") { $0.calls == 0 }
        }
    }

    /// The client is owed an error that only a server that makes sense could have led to.
    @Test func whoIsOwedAnAnswerIsResetWhenTheServerMakesNoSense() async throws {
        try await begun { links, client, server in
            try await links.apply(.inject("error", when: ["operation": "SELECT*"], over: .postgres, service: .postgres))
            try await client.send(Self.message("Q", "SELECT 1~"))
            _ = try await server.receive()
            try await server.send(Array("D".utf8) + Self.number(-1))
            await #expect(throws: Peer.Failure.reset) { _ = try await client.receive() }
        }
    }

    @Test func anotherProtocolPassesAsBytes() async throws {
        try await linked { links, client, server in
            let old = Self.number(12) + Self.number(131_072) + [1, 2, 3, 4]
            try await client.send(old)
            #expect(try await server.receive(old.count) == old)
            #expect(try await links.events().contains { $0.kind == .opaque })
            #expect(try await links.messages().map(\.size) == [old.count])
        }
    }
}
