import Faults
import Glibc
import Proxy
import Testing
import Wire

/// Links that refuse connections.
struct RefuseTests {
    private func listening(
        _ configuration: (String) -> LinkConfiguration, _ body: (TestLinks, PeerListener) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        try await TestLinks.with(configuration(listener.address)) { try await body($0, listener) }
    }

    /// How an attempt to connect fails; nil when it does not.
    private func failure(_ address: String) async -> Peer.Failure? {
        do {
            return await (try Peer.connect(address)).ending()
        } catch {
            return error as? Peer.Failure
        }
    }

    @Test(arguments: [LinkProtocol.tcp, .http]) func newConnectionsAreRefusedAndOpenOnesGoOn(
        linkProtocol: LinkProtocol
    ) async throws {
        let upstream = try PeerListener()
        let link = LinkConfiguration(name: "link", linkProtocol: linkProtocol, upstream: upstream.address)
        try await TestLinks.with(link) { links in
            let open = try await links.connect()
            let server = try await upstream.accept()
            try await links.apply(.inject("refuse"))
            for _ in 0..<3 { #expect(await failure(try links.address()) == .other(ECONNREFUSED)) }
            #expect(try await Curl(links.address(), "/").code == 7)
            try await open.send(HTTPTalk.request("GET /"))
            #expect(try await server.receiveText(3) == "GET")
            let progress = try #require(try await links.links.progress()[1])
            #expect(progress.struck == 1 && progress.opened == .zero && progress.closed == nil)

            try await links.heal()
            let next = try await links.connect()
            try await next.send(HTTPTalk.request("GET /"))
            #expect(try await upstream.accept().receiveText(3) == "GET")
            #expect(try await links.events().map(\.kind).contains(.unreachable) == false)
        }
    }

    @Test func everyLaneRefusesAndServesAgain() async throws {
        try await listening({ LinkConfiguration(name: "link", linkProtocol: .tcp, upstream: $0, lanes: 3) }) {
            links, upstream in
            for round in 1...3 {
                try await links.apply(.inject("refuse", id: round))
                for address in try links.addresses() { #expect(await failure(address) == .other(ECONNREFUSED)) }
                #expect(try await links.links.progress()[round]?.struck == 3)
                try await links.heal()
                for lane in 0..<3 {
                    let client = try await links.connect(lane: lane)
                    try await client.send("\(lane)")
                    #expect(try await upstream.accept().receiveText(1) == "\(lane)")
                }
            }
        }
    }

    @Test func aUnixSocketRefuses() async throws {
        let path = "/tmp/faultline-refuse-\(getpid())"
        try await listening({ .tcp(to: $0, listen: "unix:\(path)") }) { links, upstream in
            let open = try await links.connect()
            let server = try await upstream.accept()
            try await links.apply(.inject("refuse"))
            #expect(await failure("unix:\(path)") == .other(ECONNREFUSED))
            try await open.send("x")
            #expect(try await server.receiveText(1) == "x")
            try await links.heal()
            try await links.connect().send("y")
            #expect(try await upstream.accept().receiveText(1) == "y")
        }
    }

    @Test func aWindowThatIsOverListensAgainByItself() async throws {
        try await listening({ .tcp(to: $0) }) { links, upstream in
            let refuse = try Window.inject("refuse")
            try await links.apply(
                Window(id: 1, link: "link", fault: refuse.fault, closing: .at(.milliseconds(200))))
            #expect(await failure(try links.address()) == .other(ECONNREFUSED))
            var progress: LinkWindows.Progress?
            try await links.eventually("it is over") { _ in
                progress = try await links.links.progress()[1]
                return progress?.closed != nil
            }
            #expect(progress == .init(matched: 1, struck: 1, opened: .zero, closed: .milliseconds(200)))
            try await links.connect().send("y")
            #expect(try await upstream.accept().receiveText(1) == "y")
        }
    }

    /// The port is the link's own while it refuses.
    @Test func nobodyElseIsGivenThePort() async throws {
        try await listening({ .tcp(to: $0) }) { links, _ in
            let address = try links.address()
            try await links.apply(.inject("refuse"))
            var others: [PeerListener] = []
            for _ in 0..<300 { others.append(try PeerListener()) }
            #expect(!others.contains { $0.address == address })
        }
    }

    @Test func closingLinksThatRefuse() async throws {
        try await listening({ .tcp(to: $0) }) { links, _ in
            try await links.apply(.inject("refuse"))
            let address = try links.address()
            await links.links.close()
            #expect(throws: Never.self) { try PeerListener(address) }
        }
    }
}
