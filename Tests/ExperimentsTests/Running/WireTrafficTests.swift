import Consistency
import Experiments
import Proxy
import Testing
import Wire

@Suite struct WireTrafficTests {
    private let links = [
        LinkConfiguration(name: "s3", linkProtocol: .http, service: .s3, upstream: "127.0.0.1:1"),
        LinkConfiguration(name: "redis", linkProtocol: .tcp, service: .redis, upstream: "127.0.0.1:2"),
    ]

    @Test func sumsUpEachLink() {
        let chunk = WireEvent(
            time: 0, link: "redis", connection: 1, kind: .message, direction: .request, size: 40)
        let opened = WireEvent(time: 0, link: "redis", connection: 1, kind: .opened, size: 7)
        let traffic = WireTraffic([Worlds.request("a"), Worlds.answer("a"), opened, chunk])
        let found = traffic.links(links, isCutShort: false)
        #expect(found.map(\.messages) == [2, 1])
        #expect(found.map(\.bytes) == [1000, 40])
        #expect(found.map(\.keys) == [["a"], nil])
        #expect(WireTraffic([WireEvent]()).links(links, isCutShort: true).map(\.isCutShort) == [true, true])
    }

    /// Of Bolt, opening sessions and asking for a routing table is told apart from queries.
    @Test func countsTheErrandsOfBolt() {
        let link = LinkConfiguration(name: "neo4j", linkProtocol: .bolt, service: .neo4j, upstream: "127.0.0.1:3")
        let events = ["startup", "ROUTE", "RESET", "MERGE Document"].map { operation in
            WireEvent(
                time: 0, link: "neo4j", connection: 1, kind: .message, direction: .request, operation: operation,
                size: 1)
        }
        #expect(WireTraffic(events).links([link], isCutShort: false).map(\.errands) == [3])
        #expect(WireTraffic(events).links(links, isCutShort: false).map(\.errands) == [nil, nil])
    }

    @Test func knowsWhichFaultsStruckADocument() {
        let traffic = WireTraffic([Worlds.request("a", window: 2), Worlds.answer("a", window: 1), Worlds.request("b")])
        #expect(traffic.windows(striking: "a") == [1, 2])
        #expect(traffic.windows(striking: "b") == [])
    }
}
