import Faults
import Glibc
import Proxy
import Reactor
import Testing
import Wire

@Suite struct ProxySmokeTests {
    @Test func linkOpensAppliesAndCloses() async throws {
        let path = "/tmp/faultline-history-\(getpid())"
        defer { unlink(path) }
        let links = try LocalLinks(historyPath: path)
        let addresses = try await links.open([
            LinkConfiguration(name: "redis", linkProtocol: .tcp, upstream: "127.0.0.1:1")
        ])
        let port = try #require(addresses["redis"]?.first?.split(separator: ":").last.flatMap { Int($0) })
        #expect(port > 0)
        try await links.apply(Plan())
        let address = try #require(try SocketAddress.resolve(host: "127.0.0.1", port: port).first)
        let client = try #require(Socket.connect(address))
        var entry = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 10_000) == 1)
        close(client)
        let count = try await links.flushHistory()
        #expect(count == HistoryCount(written: 1, dropped: 0))
        var kinds: [WireEvent.Kind] = []
        try WireHistory.forEach(in: path) { kinds.append($0.kind) }
        #expect(kinds == [.unreachable])
        await links.close()
    }
}
