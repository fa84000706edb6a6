import Consistency
import Testing

struct NoOrphansTests {
    @Test func holdsWithoutOrphans() {
        #expect(NoOrphans().check(.one()) == .holds(checked: 4))
    }

    @Test func orphansOfADocumentAreToldTogether() {
        var world = World.one()
        world.orphans = ["1", "0"].map { Orphan(store: .qdrant, document: "x", kind: .chunk, key: $0) }
        world.orphans.append(Orphan(store: .neo4j, kind: .entity, key: "Acme"))
        #expect(
            NoOrphans().check(world).texts == [
                "no-orphans: expected no entity in neo4j without its mention; found entity Acme left behind",
                """
                no-orphans: document x: expected no chunk in qdrant without its document; \
                found chunks 0 and 1 left behind
                """,
            ])
    }

    @Test func unknownWhenAStoreCouldNotBeSearched() {
        var world = World.one()
        world.unreadable[.neo4j] = "timed out"
        #expect(NoOrphans().check(world) == .unknown("neo4j could not be read: timed out"))
    }

    @Test func notAskedWhenNoStoreIsSearched() {
        var world = World.one()
        world.orphansSought = [.neo4j]
        #expect(NoOrphans().check(world) == .holds(checked: 1))
        world.orphansSought = []
        #expect(NoOrphans().check(world) == .notAsked("no footprints have a query for orphans"))
    }

    @Test func whatWasThereBeforeIsNotNew() {
        let old = Orphan(store: .neo4j, kind: .entity, key: "Old")
        let new = Orphan(store: .neo4j, kind: .entity, key: "New")
        #expect(World.newOrphans([old, new, old], since: [old]) == [new, old])
        #expect(World.newOrphans([old], since: [old, new]) == [])
    }
}
