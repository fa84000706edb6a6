import Faults
import Glibc
import Proxy
import Reactor
import Testing
import Wire

/// Links that close, open and give their places to others while the rest goes on.
struct ChangeTests {
    private func talks(_ client: Peer, _ server: Peer) async throws {
        try await client.send("q")
        #expect(try await server.receiveText(1) == "q")
        try await server.send("a")
        #expect(try await client.receiveText(1) == "a")
    }

    @Test(arguments: [1, 2]) func aClosedLinkIsGoneAndOthersGoOn(threads: Int) async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp("a", to: upstream.address), .tcp("b", to: upstream.address), threads: threads) {
            links in
            let a = (try await links.connect("a"), try await upstream.accept())
            let b = (try await links.connect("b"), try await upstream.accept())
            try await links.links.close(["a"])
            #expect(await a.0.ending() == .reset)
            #expect(throws: Never.self) { try PeerListener(links.address("a")) }
            try await talks(b.0, b.1)
            let error = await #expect(throws: LinkError.self) { try await links.links.close(["b", "a"]) }
            #expect(
                error?.description
                    == "link 'a': there is no link of this name to close; there are: b")
            try await talks(b.0, b.1)
        }
    }

    /// Clients connect all the while; none is refused and none is left without an answer.
    @Test(arguments: [1, 2], ["127.0.0.1:0", "unix:"]) func nobodyIsRefusedWhileALinkIsReplaced(
        threads: Int, listen: String
    ) async throws {
        let path = "/tmp/faultline-replaced-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let upstreams = [try PeerListener(), try PeerListener()]
        var link = LinkConfiguration.tcp(
            to: upstreams[0].address, listen: listen == "unix:" ? "unix:\(path)" : listen)
        try await TestLinks.with(link, threads: threads) { links in
            let address = try links.address()
            for round in 1...20 {
                link.upstream = upstreams[round % 2].address
                async let error = offPool { try Self.errorOfConnecting(address) }
                let opened = try await links.links.change(closing: ["link"], opening: [link])
                #expect(opened == ["link": [address]])
                // Whoever came before the change may have been reset with the former link.
                #expect([0, ECONNRESET].contains(try await error))
                let next = try await Peer.connect(address)
                try await next.send("\(round)")
                try await links.eventually("it is accepted") { $0.connections >= 1 }
            }
        }
    }

    /// What the system says of twenty attempts to connect, the first that fails; 0 when all succeed.
    private static func errorOfConnecting(_ address: String) throws -> Int32 {
        for _ in 0..<20 {
            guard let descriptor = Socket.connect(try Peer.address(address)) else { return errno }
            defer { close(descriptor) }
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, 20_000) == 1 else { return ETIMEDOUT }
            let error = Socket.pendingError(descriptor)
            if error != 0 { return error }
        }
        return 0
    }

    @Test func whatCannotBeOpenedChangesNothing() async throws {
        let upstream = try PeerListener()
        let taken = try PeerListener()
        try await TestLinks.with(.tcp(to: upstream.address)) { links in
            let pair = (try await links.connect(), try await upstream.accept())
            for wrong in [
                LinkConfiguration.tcp(to: upstream.address, listen: taken.address), .tcp(to: "no.such.invalid:1"),
            ] {
                await #expect(throws: LinkError.self) {
                    try await links.links.change(
                        closing: ["link"], opening: [wrong], plan: Plan(windows: [.inject("blackhole")]))
                }
                try await talks(pair.0, pair.1)
            }
            let next = (try await links.connect(), try await upstream.accept())
            try await talks(next.0, next.1)
        }
    }

    @Test func numbersOfConnectionsGoOn() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp(to: upstream.address)) { links in
            let first = (try await links.connect(), try await upstream.accept())
            try await talks(first.0, first.1)
            try await links.links.change(closing: ["link"], opening: [.tcp(to: upstream.address)])
            let second = (try await links.connect(), try await upstream.accept())
            try await talks(second.0, second.1)
            #expect(try await links.events().filter { $0.kind == .opened }.map(\.connection) == [1, 2])
        }
    }

    /// Its first connection meets the plan that comes with it.
    @Test func aPlanComesWithTheLinks() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp("other", to: upstream.address), threads: 2) { links in
            let opened = try await links.links.change(
                closing: [], opening: [.tcp(to: upstream.address)], plan: Plan(windows: [.inject("reset")]))
            let client = try await Peer.connect(try #require(opened["link"]?.first))
            try await client.send("x")
            #expect(await client.ending() == .reset)
        }
    }
}
