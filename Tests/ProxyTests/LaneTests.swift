import Faults
import Glibc
import Proxy
import Testing
import Wire

/// A link with several listeners, which share all else.
struct LaneTests {
    private func laned(
        _ lanes: Int = 3, listen: String = "127.0.0.1:0",
        _ body: (TestLinks, PeerListener) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        let link = LinkConfiguration(
            name: "link", linkProtocol: .tcp, listen: listen, upstream: listener.address, lanes: lanes)
        try await TestLinks.with(link) { try await body($0, listener) }
    }

    @Test func everyLaneLeadsToTheUpstream() async throws {
        try await laned { links, upstream in
            #expect(Set(try links.addresses()).count == 3)
            for lane in [2, 0, 1, 2] {
                let client = try await links.connect(lane: lane)
                let server = try await upstream.accept()
                try await client.send("\(lane)")
                #expect(try await server.receiveText(1) == "\(lane)")
            }
            let messages = try await links.messages()
            #expect(messages.map(\.lane) == [2, 0, 1, 2])
            #expect(messages.map(\.connection) == [1, 2, 3, 4], "one counter for all lanes")
            let opened = try await links.events().filter { $0.kind == .opened }
            #expect(opened.map(\.lane) == [2, 0, 1, 2])
        }
    }

    @Test func windowsCountOverAllLanes() async throws {
        try await laned { links, upstream in
            try await links.apply(.inject("reset", when: ["nth": "2"]))
            for (lane, isStruck) in [(0, false), (2, true), (1, false)] {
                let client = try await links.connect(lane: lane)
                let server = try await upstream.accept()
                try await client.send("x")
                if isStruck {
                    #expect(await client.ending() == .reset)
                } else {
                    #expect(try await server.receiveText(1) == "x")
                }
            }
            let progress = try #require(try await links.links.progress()[1])
            #expect(progress.matched == 3 && progress.struck == 1)
        }
    }

    @Test func theFirstLaneListensWhereItWasAskedTo() async throws {
        var free: PeerListener? = try PeerListener()
        let address = try #require(free?.address)
        free = nil
        try await laned(listen: address) { links, _ in
            let addresses = try links.addresses()
            #expect(addresses[0] == address)
            #expect(addresses.allSatisfy { $0.hasPrefix("127.0.0.1:") })
        }
    }

    @Test func unixSocketsAreNumbered() async throws {
        let path = "/tmp/faultline-lanes-\(getpid())"
        try await laned(listen: "unix:\(path)") { links, upstream in
            let addresses = try links.addresses()
            #expect(addresses == ["unix:\(path)", "unix:\(path).1", "unix:\(path).2"])
            try await links.connect(lane: 2).send("x")
            #expect(try await upstream.accept().receiveText(1) == "x")
        }
        for end in ["", ".1", ".2"] { #expect(access(path + end, F_OK) != 0) }
    }

    @Test func noLanesAtAll() async throws {
        let links = try LocalLinks(historyPath: nil)
        let wrong = LinkConfiguration(name: "link", linkProtocol: .tcp, upstream: "127.0.0.1:1", lanes: 0)
        let error = await #expect(throws: LinkError.self) { try await links.open([wrong]) }
        #expect(error?.description == "link 'link': it has 0 lanes; give it one at least")
        await links.close()
    }

    /// A lane that cannot listen closes those before it.
    @Test func allLanesOrNone() async throws {
        let path = "/tmp/faultline-none-\(getpid())"
        let taken = try PeerListener("unix:\(path).2")
        defer { unlink("\(path).2") }
        let links = try LocalLinks(historyPath: nil)
        let link = LinkConfiguration(
            name: "link", linkProtocol: .tcp, listen: "unix:\(path)", upstream: "127.0.0.1:1", lanes: 3)
        let error = await #expect(throws: LinkError.self) { try await links.open([link]) }
        #expect(error?.what == "cannot listen on \(taken.address): Address already in use")
        #expect(access(path, F_OK) != 0 && access("\(path).1", F_OK) != 0)
        await links.close()
    }
}
