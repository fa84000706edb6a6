import Foundation
import Proxy
import Reactor
import Testing
import Wire

/// Upstreams that refuse, hang or have several addresses.
struct DialTests {
    private func talks(_ client: Peer, _ upstream: PeerListener) async throws {
        try await client.send("q")
        let server = try await upstream.accept()
        #expect(try await server.receiveText(1) == "q")
        try await server.send("a")
        #expect(try await client.receiveText(1) == "a")
    }

    /// An address on which nobody listens.
    private func deserted() throws -> String { try PeerListener().address }

    /// `upstream.test:1` stands for these addresses.
    private func resolver(_ addresses: [String]) -> Resolver {
        { host, port in
            guard host == "upstream.test" else { return try SocketAddress.resolve(host: host, port: port) }
            return try addresses.map { try Peer.address($0) }
        }
    }

    private func link(_ name: String = "link", to upstream: String, within limit: Duration = .seconds(30))
        -> LinkConfiguration
    {
        LinkConfiguration(name: name, linkProtocol: .tcp, upstream: upstream, connectTimeout: limit)
    }

    @Test func aRefusalIsToldWithItsReason() async throws {
        let upstream = try deserted()
        try await TestLinks.with(link(to: upstream)) { links in
            #expect(try await links.connect().ending() == .reset)
            let events = try await links.events()
            #expect(events.map(\.kind) == [.unreachable])
            #expect(events.first?.key == "cannot connect to \(upstream): Connection refused")
        }
    }

    @Test func aUnixSocketThatIsNotThere() async throws {
        try await TestLinks.with(link(to: "unix:/nowhere/at/all")) { links in
            #expect(try await links.connect().ending() == .reset)
            let reason = try await links.events().first?.key
            #expect(reason == "cannot connect to unix:/nowhere/at/all: No such file or directory")
        }
    }

    /// Both links are on one loop. Whoever waited for the first upstream there would never come to the second.
    @Test func anUpstreamThatHangsHoldsNobodyUp() async throws {
        let (full, upstream) = (try FullListener(), try PeerListener())
        try await TestLinks.with(link("hangs", to: full.address), link("other", to: upstream.address)) { links in
            let waiting = [try await links.connect("hangs"), try await links.connect("hangs")]
            for client in waiting { try await client.send("x") }
            try await links.eventually("both are accepted") { $0.connections == 2 }
            for _ in 0..<20 { try await talks(links.connect("other"), upstream) }
            #expect(waiting.allSatisfy { $0.isQuiet })
        }
    }

    @Test func connectingMayTakeSoLong() async throws {
        let full = try FullListener()
        try await TestLinks.with(link(to: full.address, within: .milliseconds(150))) { links in
            let start = ContinuousClock.now
            let clients = [try await links.connect(), try await links.connect()]
            for client in clients { #expect(await client.ending() == .reset) }
            #expect(ContinuousClock.now - start >= .milliseconds(150))
            let events = try await links.events()
            #expect(events.map(\.kind) == [.unreachable, .unreachable])
            #expect(events.allSatisfy { $0.key == "cannot connect to \(full.address): no answer within 0.15 seconds" })
        }
    }

    /// One that has connected in time is let alone, though its time passes.
    @Test func timeDoesNotEndWhatIsConnected() async throws {
        let (full, upstream) = (try FullListener(), try PeerListener())
        let late = link("late", to: full.address, within: .milliseconds(200))
        try await TestLinks.with(late, link("good", to: upstream.address, within: .milliseconds(100))) { links in
            let open = try await links.connect("good")
            try await open.send("1")
            let server = try await upstream.accept()
            #expect(try await server.receiveText(1) == "1")
            #expect(try await links.connect("late").ending() == .reset)
            try await open.send("2")
            #expect(try await server.receiveText(1) == "2")
        }
    }

    @Test func aServerThatNeverShakesHands() async throws {
        let silent = try PeerListener()
        let link = LinkConfiguration(
            name: "link", linkProtocol: .http, upstream: "https://\(silent.address)", connectTimeout: .milliseconds(100)
        )
        try await TestLinks.with(link) { links in
            #expect(try await links.connect().ending() == .reset)
            let event = try await links.events().first
            #expect(event?.kind == .unreachable && event?.key.hasSuffix("no answer within 0.1 seconds") == true)
        }
    }

    @Test func addressesAreTriedInTurn() async throws {
        let (refusing, full, upstream) = (try deserted(), try FullListener(), try PeerListener())
        let link = link(to: "upstream.test:1", within: .milliseconds(100))
        let resolver = resolver([refusing, full.address, upstream.address])
        try await TestLinks.with(link, resolver: resolver) { links in
            for _ in 0..<3 { try await talks(links.connect(), upstream) }
            #expect(try await links.events().allSatisfy { $0.kind != .unreachable })
        }
    }

    @Test func allAddressesFail() async throws {
        let (first, second) = (try deserted(), try deserted())
        let resolver = resolver([first, second])
        try await TestLinks.with(link(to: "upstream.test:1"), resolver: resolver) { links in
            #expect(try await links.connect().ending() == .reset)
            let reasons = [first, second].map { "cannot connect to \($0): Connection refused" }
            let events = try await links.events()
            #expect(events.map(\.key) == [reasons.joined(separator: "; ")])
        }
    }

    @Test func noTimeAtAll() async throws {
        let links = try LocalLinks(historyPath: nil)
        let error = await #expect(throws: LinkError.self) {
            try await links.open([link(to: "127.0.0.1:1", within: .zero)])
        }
        #expect(error?.mend == "write a connect-timeout such as 30s")
        await links.close()
    }
}
