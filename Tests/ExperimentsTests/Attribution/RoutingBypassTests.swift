import Consistency
import Experiments
import Proxy
import Testing
import Wire

/// A driver that asks on a `bolt` link for its servers, and runs its queries where the answer leads it.
@Suite struct RoutingBypassTests {
    private func verdict(_ operations: [String]) -> Verdict? {
        let link = LinkConfiguration(name: "neo4j", linkProtocol: .bolt, service: .neo4j, upstream: "127.0.0.1:1")
        let events = operations.flatMap { operation in
            [
                WireEvent(
                    time: 0, link: "neo4j", connection: 1, kind: .message, direction: .request, operation: operation,
                    size: 20),
                WireEvent(
                    time: 0, link: "neo4j", connection: 1, kind: .message, direction: .response, operation: operation,
                    size: 90),
            ]
        }
        var world = Worlds.world([.succeeded])
        world.links = WireTraffic(events).links([link], isCutShort: false)
        return NoBypass().check(world).verdict
    }

    @Test func whoStaysOnTheLinkIsSeenThere() {
        #expect(verdict(["startup", "ROUTE", "BEGIN", "MERGE Document", "COMMIT", "RESET"]) == .held)
        #expect(verdict(["startup", "ROUTE", "MATCH Document"]) == .held)
    }

    @Test func whoOnlyAsksForTheWayHasGoneRoundIt() {
        #expect(verdict(["startup", "ROUTE", "RESET"]) == .violated)
        #expect(verdict([]) == .violated)
    }

    /// Encrypted connections are bytes, and nobody knows what for.
    @Test func bytesAreTraffic() { #expect(verdict(["startup", "bytes"]) == .held) }
}
