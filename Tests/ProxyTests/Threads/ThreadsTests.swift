import Faults
import Glibc
import Proxy
import Testing
import Wire

/// Links that several loops carry: everything that a link counts is counted over all of them.
struct ThreadsTests {
    private static let threads = 3

    /// How a link may listen, with several threads.
    enum Family: String, CaseIterable {
        case ipv4 = "127.0.0.1:0"
        case ipv6 = "[::1]:0"
        case unix = "unix:"
    }

    private func linked(
        _ family: Family = .ipv4, lanes: Int = 1, _ body: (TestLinks, PeerListener) async throws -> Void
    ) async throws {
        let upstream = try PeerListener()
        let path = "/tmp/faultline-threads-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let listen = family == .unix ? "unix:\(path)" : family.rawValue
        let link = LinkConfiguration(
            name: "link", linkProtocol: .tcp, listen: listen, upstream: upstream.address, lanes: lanes)
        try await TestLinks.with(link, threads: Self.threads) { try await body($0, upstream) }
        #expect(access(path, F_OK) != 0)
    }

    /// So many pairs that each loop has some; a byte each way on each.
    private func pairs(
        _ links: TestLinks, _ upstream: PeerListener, count: Int = 60
    ) async throws -> [(client: Peer, server: Peer)] {
        var pairs: [(client: Peer, server: Peer)] = []
        for _ in 0..<count {
            let client = try await links.connect()
            let server = try await upstream.accept()
            try await client.send("a")
            #expect(try await server.receiveText(1) == "a")
            try await server.send("b")
            #expect(try await client.receiveText(1) == "b")
            pairs.append((client, server))
        }
        return pairs
    }

    @Test(arguments: Family.allCases) func everyConnectionHasANumberAndItsBytes(family: Family) async throws {
        try await linked(family) { links, upstream in
            let pairs = try await pairs(links, upstream)
            #expect(try await links.links.inFlight().connections == pairs.count)
            let events = try await links.events()
            let opened = events.filter { $0.kind == .opened }
            #expect(opened.map(\.connection).sorted() == Array(1...pairs.count))
            #expect(events.allSatisfy { $0.link == "link" }, "names are told apart")
            for connection in 1...pairs.count {
                let own = events.filter { $0.connection == connection }
                #expect(own.map(\.kind) == [.opened, .message, .message])
                #expect(own.map(\.direction) == [nil, .request, .response])
            }
            withExtendedLifetime(pairs) {}
        }
    }

    /// The kernel spreads by a hash, so that sixty connections miss one of three loops hardly ever: (2/3)^60.
    @Test func everyLoopHasConnections() async throws {
        try await linked { links, upstream in
            let pairs = try await pairs(links, upstream)
            var loops: Set<Int> = []
            for index in 0..<Self.threads where try await links.links.connections(onLoop: index) > 0 {
                loops.insert(index)
            }
            #expect(loops == Set(0..<Self.threads))
            withExtendedLifetime(pairs) {}
        }
    }

    /// Each loop numbers names as it meets them, and each meets the operations in an order of its own.
    @Test func namesOfDifferentLoopsAreToldApart() async throws {
        let upstream = try PeerListener()
        let operations = [
            ("GET", "GetObject"), ("PUT", "PutObject"), ("DELETE", "DeleteObject"), ("HEAD", "HeadObject"),
        ]
        let link = LinkConfiguration.http(service: .s3, to: upstream.address)
        try await TestLinks.with(link, threads: Self.threads) { links in
            var open: [(Peer, Peer)] = []
            for index in 0..<60 {
                let client = try await links.connect()
                let server = try await upstream.accept()
                let head = "\(operations[(index + index / 4) % 4].0) /bucket/key HTTP/1.1\r\nHost: s3\r\n\r\n"
                try await client.send(head)
                _ = try await server.receive(head.utf8.count)
                open.append((client, server))
            }
            let messages = try await links.messages(.request)
            #expect(messages.count == open.count)
            for message in messages {
                let index = message.connection - 1
                #expect(message.operation == operations[(index + index / 4) % 4].1)
            }
            withExtendedLifetime(open) {}
        }
    }

    @Test func selectorsCountOverAllLoops() async throws {
        try await linked { links, upstream in
            let pairs = try await pairs(links, upstream)
            try await links.apply(.inject("latency", ["delay": "1us"], when: ["first": "7", "direction": "request"]))
            for pair in pairs {
                try await pair.client.send("c")
                #expect(try await pair.server.receiveText(1) == "c")
            }
            let progress = try #require(try await links.links.progress()[1])
            #expect(progress.matched == pairs.count && progress.struck == 7)
            let delayed = try await links.messages().filter { $0.action == .delayed }
            #expect(delayed.count == 7 && delayed.allSatisfy { $0.window == 1 })
        }
    }

    @Test func aPlanIsInForceOnAllLoopsWhenApplyReturns() async throws {
        try await linked { links, upstream in
            let pairs = try await pairs(links, upstream)
            for round in 1...20 {
                let time = try await links.links.apply(Plan(windows: [.inject("blackhole", id: round)]))
                #expect(time <= (try await links.links.now()))
                for pair in pairs { try await pair.client.send("d") }
                try await links.eventually("all are held") { $0.bytes == pairs.count }
                #expect(pairs.allSatisfy { $0.server.isQuiet })
                try await links.heal()
                for pair in pairs { #expect(try await pair.server.receiveText(1) == "d") }
            }
        }
    }

    @Test(arguments: Family.allCases) func refusalsAreOfAllLoopsAndCountOnceALane(family: Family) async throws {
        try await linked(family, lanes: 2) { links, upstream in
            let pairs = try await pairs(links, upstream, count: 8)
            for round in 1...5 {
                try await links.apply(.inject("refuse", id: round))
                for _ in 0..<10 {
                    for address in try links.addresses() { #expect(await refuses(address)) }
                }
                #expect(try await links.links.progress()[round]?.struck == 2)
                for pair in pairs {
                    try await pair.client.send("e")
                    #expect(try await pair.server.receiveText(1) == "e")
                }
                try await links.heal()
                _ = try await self.pairs(links, upstream, count: 8)
            }
        }
    }

    private func refuses(_ address: String) async -> Bool {
        do {
            return await (try Peer.connect(address)).ending() == .other(ECONNREFUSED)
        } catch {
            return error as? Peer.Failure == .other(ECONNREFUSED)
        }
    }

    /// The window that waits is on another link, whose connections are on all loops.
    @Test func aStrikeOnOneLoopOpensWindowsOnTheOthers() async throws {
        let upstream = try PeerListener()
        let a = LinkConfiguration.tcp("a", to: upstream.address)
        let b = LinkConfiguration.tcp("b", to: upstream.address)
        try await TestLinks.with(a, b, threads: Self.threads) { links in
            let a = (try await links.connect("a"), try await upstream.accept())
            var others: [(Peer, Peer)] = []
            for _ in 0..<40 { others.append((try await links.connect("b"), try await upstream.accept())) }
            try await links.links.apply(
                Plan(windows: [
                    .inject("latency", ["delay": "1us"], id: 1, on: "a"),
                    Window(
                        id: 2, link: "b", fault: try Window.inject("blackhole", id: 2, on: "b").fault,
                        opening: .after(window: 1, strikes: 1)),
                ]))
            try await a.0.send("x")
            #expect(try await a.1.receiveText(1) == "x")
            // Whatever was posted to the other loops is done once they have answered.
            _ = try await links.links.now()
            for pair in others { try await pair.0.send("y") }
            try await links.eventually("all are held") { $0.bytes == others.count }
            #expect(others.allSatisfy { $0.1.isQuiet })
            #expect(try await links.links.progress()[2]?.struck == others.count)
        }
    }

    @Test func aSecondCopyIsNotGivenThePort() async throws {
        try await linked { links, _ in
            let other = try LocalLinks(historyPath: nil, threads: 2)
            let address = try links.address()
            let error = await #expect(throws: LinkError.self) {
                try await other.open([.tcp(to: "127.0.0.1:1", listen: address)])
            }
            #expect(error?.what == "cannot listen on \(address): Address already in use")
            await other.close()
        }
    }

    @Test(arguments: [0, -1, 65]) func noSuchNumberOfThreads(threads: Int) async throws {
        let error = #expect(throws: LinkError.self) { try LocalLinks(historyPath: nil, threads: threads) }
        #expect(error?.description == "there cannot be \(threads) threads; name a number from 1 to 64")
    }
}
