import Glibc
import Proxy
import Testing
import Wire

/// A tcp link that nothing touches is a wire: bytes, their end and their breaking pass as they are.
struct TCPLinkTests {
    /// One connection through a link, with both of its ends.
    private func connected(
        listen: String = "127.0.0.1:0", upstream: String = "127.0.0.1:0",
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener(upstream)
        try await TestLinks.with(.tcp(to: listener.address, listen: listen)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            try await body(links, client, server)
        }
    }

    @Test func bytesGoBothWays() async throws {
        try await connected { _, client, server in
            for round in 0..<20 {
                try await client.send("ask \(round % 10)")
                #expect(try await server.receiveText(5) == "ask \(round % 10)")
                try await server.send("answer \(round % 10)")
                #expect(try await client.receiveText(8) == "answer \(round % 10)")
            }
        }
    }

    @Test func theServerMaySpeakFirst() async throws {
        try await connected { _, client, server in
            try await server.send("hello")
            #expect(try await client.receiveText(5) == "hello")
        }
    }

    @Test(arguments: ["[::1]:0", "unix:"]) func otherFamilies(form: String) async throws {
        let path = form == "unix:" ? "unix:/tmp/faultline-\(getpid())" : nil
        defer { if let path { for end in ["a", "b"] { unlink(path.dropFirst(5) + end) } } }
        try await connected(listen: path.map { $0 + "a" } ?? form, upstream: path.map { $0 + "b" } ?? form) {
            links, client, server in
            #expect(try links.address().hasPrefix(path ?? "[::1]:"))
            try await client.send("ask")
            #expect(try await server.receiveText(3) == "ask")
            try await server.send("answer")
            server.sendEnd()
            #expect(try await client.receiveAll() == "answer")
        }
    }

    @Test func sixtyFourMegabytesArriveWholeBothWaysAtOnce() async throws {
        let size = 64 * 1024 * 1024 + 13
        try await connected { links, client, server in
            async let asked: Void = Bulk.send(size, through: client)
            async let answered: Void = Bulk.send(size, through: server)
            async let asking = Bulk.firstDifference(in: size, from: server)
            async let answering = Bulk.firstDifference(in: size, from: client)
            #expect(try await asking == nil)
            #expect(try await answering == nil)
            _ = try await (asked, answered)
            client.sendEnd()
            server.sendEnd()
            #expect(try await server.receiveAll() == "")
            try await links.eventually("closed") { $0.connections == 0 }
            for direction in Direction.allCases {
                #expect(try await links.messages(direction).reduce(0) { $0 + $1.size } == size)
            }
        }
    }

    @Test func aReaderThatDoesNotReadFillsNoMemory() async throws {
        let size = 64 * 1024 * 1024
        try await connected { links, client, server in
            async let sent: Void = Bulk.send(size, through: client)
            try await links.expectBoundedMemory()
            #expect(try await Bulk.firstDifference(in: size / 2, from: server) == nil)
            try await links.expectBoundedMemory()
            let rest = Bulk.block.count - (size / 2) % Bulk.block.count
            _ = try await server.receive(rest)
            #expect(try await Bulk.firstDifference(in: size / 2 - rest, from: server) == nil)
            try await sent
        }
    }

    // MARK: Ends

    @Test func aClientThatHasEndedStillGetsItsAnswer() async throws {
        try await connected { _, client, server in
            try await client.send("all of it")
            client.sendEnd()
            #expect(try await server.receiveAll() == "all of it")
            try await server.send("the answer")
            #expect(try await client.receiveText(10) == "the answer")
            server.close()
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func aServerThatHasEndedStillGetsTheRest() async throws {
        try await connected { links, client, server in
            server.sendEnd()
            #expect(try await client.receiveAll() == "")
            try await client.send("the rest")
            client.sendEnd()
            #expect(try await server.receiveAll() == "the rest")
            try await links.eventually("closed") { $0.connections == 0 }
            let kinds = try await links.events().map(\.kind)
            #expect(kinds.first == .opened && kinds.last == .closed && !kinds.contains(.reset))
        }
    }

    @Test func aClientsResetReachesTheServerAsReset() async throws {
        try await connected { links, client, server in
            try await client.send("x")
            #expect(try await server.receiveText(1) == "x")
            client.reset()
            #expect(await server.ending() == .reset)
            #expect(try await links.events().last?.kind == .reset)
        }
    }

    @Test func aServersResetReachesTheClientAsReset() async throws {
        try await connected { links, client, server in
            try await server.send("x")
            #expect(try await client.receiveText(1) == "x")
            server.reset()
            #expect(await client.ending() == .reset)
            #expect(try await links.events().last?.kind == .reset)
        }
    }

    @Test func closingTheLinksResetsWhatIsOpen() async throws {
        try await connected { links, client, server in
            await links.links.close()
            #expect(await client.ending() == .reset)
            #expect(await server.ending() == .reset)
        }
    }

    // MARK: History

    @Test func connectionsAreNumberedInTheOrderOfAccepting() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            for number in 1...3 {
                let client = try await links.connect()
                let server = try await listener.accept()
                try await client.send(String(repeating: "x", count: number))
                _ = try await server.receive(number)
                client.close()
                server.close()
                try await links.eventually("closed") { $0.connections == 0 }
            }
            let events = try await links.events()
            #expect(events.map(\.connection) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
            let messages = events.filter { $0.kind == .message }
            #expect(messages.map(\.size) == [1, 2, 3])
            #expect(messages.allSatisfy { $0.operation == "bytes" && $0.direction == .request && $0.window == 0 })
            #expect(events.map(\.time) == events.map(\.time).sorted())
        }
    }
}
