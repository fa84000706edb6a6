import Consistency
import Testing

struct AtomicTests {
    @Test func holdsWhenAllHaveItOrNone() {
        let gone = Submission(document: "e", .ingest, .rolledBack)
        let there = Submission(document: "d", content: "v1", .succeeded)
        #expect(Atomic().check(.of([(there, "v1"), (gone, nil)])) == .holds(checked: 2))
    }

    @Test(arguments: Store.allCases)
    func violatedWhenOneStoreLacksIt(store: Store) {
        var world = World.one(.unknown)
        world.change("d", in: store) { $0 = [] }
        let finding = Atomic().check(world)
        #expect(finding.verdict == .violated)
        #expect(finding.texts.first?.contains("but nothing in \(store.rawValue)") == true)
    }

    @Test func saysWhatIsWhere() {
        var world = World.one(.unknown)
        world.change("d", in: .qdrant) { $0 = [] }
        world.change("d", in: .redis) { $0 = [] }
        #expect(
            Atomic().check(world).texts == [
                """
                atomic: document d: expected its records in all of postgres, neo4j, qdrant and redis, or in none of them; \
                found some in postgres (1 document, 2 chunks and 2 entities) and neo4j (1 document, 2 chunks and 2 entities), \
                but nothing in qdrant and redis
                """
            ])
    }

    @Test func violatedByALeftoverUnderAnotherStoredID() {
        var world = World.one()
        world.submissions.append(Submission(document: "d", .duplicate, storedID: "d-2", .unknown))
        for store in Store.allCases { world.footprints[store]?["d-2"] = [] }
        world.footprints[.neo4j]?["d-2"] = [Record(kind: .chunk, key: "0")]
        let finding = Atomic().check(world)
        #expect(finding.texts.first?.contains("its records (stored as d-2) in all of") == true)
    }

    @Test func unknownWhenAStoreCouldNotBeRead() {
        var world = World.one()
        world.unreadable[.neo4j] = "connection refused"
        #expect(Atomic().check(world) == .unknown("neo4j could not be read: connection refused"))
    }

    @Test func aSplitAmongTheOthersIsSeenAllTheSame() {
        var world = World.one()
        world.unreadable[.neo4j] = "connection refused"
        world.change("d", in: .redis) { $0 = [] }
        #expect(Atomic().check(world).verdict == .violated)
    }

    @Test func unknownWhenNothingIsSeenThoughItWasDue() {
        #expect(
            Atomic().check(.one(.succeeded, isThere: false))
                == .unknown("no store holds anything, though documents succeeded"))
    }
}
