import Faults
import Proxy
import Testing
import Wire

/// What faults do to bytes. Nothing is timed: the order in which things happen tells.
struct TCPFaultTests {
    private func connected(
        _ body: (TestLinks, PeerListener, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            try await body(links, listener, client, server)
        }
    }

    // MARK: Latency

    @Test func onlyWhatIsDelayedIsLate() async throws {
        try await connected { links, listener, late, lateServer in
            try await links.apply(.inject("latency", ["delay": "1h"], when: ["nth": "1"]))
            try await late.send("late")
            try await links.eventually("the late bytes wait") { $0.bytes == 4 }
            let prompt = try await links.connect()
            let promptServer = try await listener.accept()
            try await prompt.send("prompt")
            #expect(try await promptServer.receiveText(6) == "prompt")
            try await lateServer.send("answer")
            #expect(try await late.receiveText(6) == "answer")
            #expect(lateServer.isQuiet)
            #expect(try await links.messages().map(\.action) == [.delayed, .forwarded, .forwarded])
        }
    }

    @Test func delayedBytesAndTheEndArriveInOrder() async throws {
        try await connected { links, _, client, server in
            try await links.apply(.inject("latency", ["delay": "150ms"], when: ["first": "1"]))
            try await client.send("one")
            try await links.eventually("the first waits") { $0.bytes == 3 }
            try await client.send(" two")
            client.sendEnd()
            #expect(try await server.receiveAll() == "one two")
            try await server.send("answer")
            #expect(try await client.receiveText(6) == "answer")
        }
    }

    @Test func manyDelayedMegabytesArriveWhole() async throws {
        let size = 20 * 1024 * 1024
        try await connected { links, _, client, server in
            try await links.apply(.inject("latency", ["delay": "2ms", "jitter": "2ms"]))
            async let sent: Void = Bulk.send(size, through: client)
            #expect(try await Bulk.firstDifference(in: size, from: server) == nil)
            try await sent
            client.sendEnd()
            #expect(try await server.receiveAll() == "")
        }
    }

    // MARK: Blackhole

    @Test func aBlackholeHoldsUntilItIsHealed() async throws {
        try await connected { links, _, client, server in
            try await links.apply(.inject("blackhole"))
            try await client.send("ask")
            try await server.send("tell")
            try await links.eventually("both are held") { $0.bytes == 7 }
            #expect(client.isQuiet && server.isQuiet)
            try await links.heal()
            #expect(try await server.receiveText(3) == "ask")
            #expect(try await client.receiveText(4) == "tell")
            #expect(try await links.messages().map(\.action) == [.delayed, .delayed])
            try await client.send("more")
            #expect(try await server.receiveText(4) == "more")
        }
    }

    @Test func aBlackholeInOneDirectionLetsTheOtherPass() async throws {
        try await connected { links, _, client, server in
            try await links.apply(.inject("blackhole", when: ["direction": "response"]))
            try await client.send("ask")
            #expect(try await server.receiveText(3) == "ask")
            try await server.send("tell")
            server.sendEnd()
            try await links.eventually("the answer is held") { $0.bytes == 4 }
            #expect(client.isQuiet)
            try await links.heal()
            #expect(try await client.receiveAll() == "tell")
        }
    }

    @Test func aWindowThatIsOverLetsGoByItself() async throws {
        try await connected { links, _, client, server in
            let blackhole = try Window.inject("blackhole")
            let window = Window(
                id: 1, link: "link", selector: Selector(), fault: blackhole.fault, closing: .at(.milliseconds(300)))
            try await links.links.apply(Plan(windows: [window]))
            try await client.send("ask")
            #expect(try await server.receiveText(3) == "ask")
        }
    }

    @Test func whatIsHeldIsDroppedWhenItsClientLeaves() async throws {
        try await connected { links, _, client, server in
            try await links.apply(.inject("blackhole", when: ["direction": "request"]))
            try await client.send("a late write")
            try await links.eventually("it is held") { $0.bytes == 12 }
            client.close()
            try await links.eventually("the connection is gone") { $0.connections == 0 }
            try await links.heal()
            #expect(try await server.receiveAll() == "")
            let lost = try await links.messages().filter { $0.action == .held }
            #expect(lost.map(\.size) == [12])
            #expect(lost.map(\.window) == [1])
        }
    }

    /// What was sent before the fault is not lost with what it holds.
    @Test func whatWaitsBeforeItPassesAllTheSame() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("latency", ["delay": "300ms"]))
            try await client.send("early")
            try await links.eventually("it is late") { $0.bytes == 5 }
            try await links.apply(.inject("blackhole", id: 2))
            try await client.send("held")
            try await links.eventually("it is held") { _ in try await links.links.progress()[2]?.struck == 1 }
            client.sendEnd()
            #expect(try await server.receiveAll() == "early")
            client.close()
            try await links.eventually("the connection is over") { _ in
                server.close()
                return try await links.links.inFlight().connections == 0
            }
            let held = try #require(try await links.messages().last)
            #expect(held.action == .held && held.size == 4)
        }
    }

    @Test func whatIsHeldIsBounded() async throws {
        let size = 32 * 1024 * 1024
        try await connected { links, _, client, server in
            try await links.apply(.inject("blackhole"))
            async let sent: Void = Bulk.send(size, through: client)
            try await links.expectBoundedMemory()
            try await links.heal()
            #expect(try await Bulk.firstDifference(in: size, from: server) == nil)
            try await sent
        }
    }

    // MARK: Reset and refusal

    @Test func aResetBreaksBothSidesOfAnOpenConnection() async throws {
        try await connected { links, listener, client, server in
            try await client.send("before")
            #expect(try await server.receiveText(6) == "before")
            try await links.apply(.inject("reset"))
            try await client.send("lost")
            #expect(await client.ending() == .reset)
            #expect(await server.ending() == .reset)
            #expect(try await links.links.progress()[1]?.struck == 1)
            let events = try await links.events()
            #expect(events.map(\.kind) == [.opened, .message, .message, .reset])
            #expect(events.map(\.action) == [.forwarded, .forwarded, .reset, .forwarded])
            #expect(events[2].window == 1)
            try await links.heal()
            let next = try await links.connect()
            let nextServer = try await listener.accept()
            try await next.send("after")
            #expect(try await nextServer.receiveText(5) == "after")
        }
    }

    /// A plan is in force from the moment `apply` returns: not one message gets by.
    @Test func aPlanIsInForceAtOnce() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            for round in 1...100 {
                let client = try await links.connect()
                let server = try await listener.accept()
                try await links.links.apply(Plan(windows: [.inject("reset", id: round)]))
                try await client.send("lost")
                await #expect(throws: Peer.Failure.reset, "round \(round)") {
                    _ = try await server.receive(atMost: 4)
                }
                try await links.heal()
            }
        }
    }

    @Test func anUpstreamThatRefusesResetsTheClient() async throws {
        let address = try PeerListener().address
        try await TestLinks.with(.tcp(to: address)) { links in
            let client = try await links.connect()
            #expect(await client.ending() == .reset)
            #expect(try await links.events().map(\.kind) == [.unreachable])
            let listener = try PeerListener(address)
            let next = try await links.connect()
            let server = try await listener.accept()
            try await next.send("x")
            #expect(try await server.receiveText(1) == "x")
        }
    }

    @Test func windowsStrikeTheirOwnLinkAlone() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp("a", to: listener.address), .tcp("b", to: listener.address)) { links in
            try await links.apply(.inject("reset", on: "a"))
            let spared = try await links.connect("b")
            let server = try await listener.accept()
            try await spared.send("x")
            #expect(try await server.receiveText(1) == "x")
            let struck = try await links.connect("a")
            let struckServer = try await listener.accept()
            try await struck.send("x")
            #expect(await struck.ending() == .reset)
            #expect(await struckServer.ending() == .reset)
        }
    }
}
