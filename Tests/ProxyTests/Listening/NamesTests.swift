import Faults
import Glibc
import Proxy
import Reactor
import Testing
import Wire

/// Links that listen on a name with several addresses: on all of them, at one port.
struct NamesTests {
    /// `here.test` stands for these addresses.
    private func resolver(_ hosts: [String]) -> Resolver {
        { host, port in
            let names = host == "here.test" ? hosts : [host]
            return try names.flatMap { try SocketAddress.resolve(host: $0, port: port) }
        }
    }

    private func port(_ links: TestLinks) throws -> String {
        let address = try links.address()
        #expect(address.hasPrefix("here.test:"))
        return String(address.dropFirst("here.test:".count))
    }

    private func failure(_ address: String) async -> Peer.Failure? {
        do {
            return await (try Peer.connect(address)).ending()
        } catch {
            return error as? Peer.Failure
        }
    }

    @Test(arguments: [1, 2]) func everyAddressLeadsToTheUpstream(threads: Int) async throws {
        let upstream = try PeerListener()
        let link = LinkConfiguration.tcp(to: upstream.address, listen: "here.test:0")
        let resolver = resolver(["127.0.0.1", "::1", "127.0.0.2"])
        try await TestLinks.with(link, threads: threads, resolver: resolver) { links in
            let port = try port(links)
            let addresses = ["127.0.0.1:\(port)", "[::1]:\(port)", "127.0.0.2:\(port)"]
            for round in 1...3 {
                for address in addresses {
                    let client = try await Peer.connect(address)
                    try await client.send("x")
                    #expect(try await upstream.accept().receiveText(1) == "x")
                }
                try await links.apply(.inject("refuse", id: round))
                for address in addresses { #expect(await failure(address) == .other(ECONNREFUSED)) }
                #expect(try await links.links.progress()[round]?.struck == 1, "one lane")
                try await links.heal()
            }
        }
    }

    @Test func aFamilyThatThisMachineLacksIsLeftOut() async throws {
        let upstream = try PeerListener()
        let link = LinkConfiguration.tcp(to: upstream.address, listen: "here.test:0")
        // 203.0.113.0/24 is nobody's: it is for documentation (RFC 5737).
        try await TestLinks.with(link, resolver: resolver(["203.0.113.1", "127.0.0.1"])) { links in
            let client = try await Peer.connect("127.0.0.1:\(port(links))")
            try await client.send("x")
            #expect(try await upstream.accept().receiveText(1) == "x")
        }
    }

    @Test func noneOfTheAddressesIsThisMachines() async throws {
        let links = try LocalLinks(historyPath: nil, resolver: resolver(["203.0.113.1"]))
        let error = await #expect(throws: LinkError.self) {
            try await links.open([.tcp(to: "127.0.0.1:1", listen: "here.test:0")])
        }
        #expect(error?.what == "cannot listen on here.test:0: Cannot assign requested address")
        await links.close()
    }

    /// All or none: the first address is free again.
    @Test func oneOfTheAddressesIsInUse() async throws {
        let taken = try PeerListener("127.0.0.2:0")
        let port = taken.address.split(separator: ":")[1]
        let links = try LocalLinks(historyPath: nil, resolver: resolver(["127.0.0.1", "127.0.0.2"]))
        let error = await #expect(throws: LinkError.self) {
            try await links.open([.tcp(to: "127.0.0.1:1", listen: "here.test:\(port)")])
        }
        #expect(error?.what == "cannot listen on here.test:\(port): Address already in use")
        #expect(throws: Never.self) { try PeerListener("127.0.0.1:\(port)") }
        await links.close()
    }
}
