import Consistency
import Testing

struct NoDuplicatesTests {
    @Test func holdsWhenEachIsThereOnce() {
        #expect(NoDuplicates().check(.one()) == .holds(checked: 1))
    }

    @Test func aRecordThatIsThereTwice() {
        var world = World.one()
        world.change("d", in: .postgres) { $0 += [$0[2], $0[2]] }
        #expect(
            NoDuplicates().check(world).texts == [
                "no-duplicates: document d: expected each chunk once in postgres; found chunk 1 3 times"
            ])
    }

    @Test func theSameKeyWithAnotherDigestIsADuplicateToo() {
        var world = World.one()
        world.change("d", in: .redis) { $0.append(Record(kind: .document, key: "d", digest: "other")) }
        #expect(NoDuplicates().check(world).verdict == .violated)
    }

    @Test func aDocumentUnderTwoIDs() {
        var world = World.of([(Submission(document: "d", content: "v1", storedID: "u1", .succeeded), "v1")])
        world.submissions.append(Submission(document: "d", .duplicate, storedID: "u2", .succeeded))
        for store in Store.allCases { world.copy("u1", to: "u2", in: store) }
        #expect(
            NoDuplicates().check(world).texts == [
                """
                no-duplicates: document d: expected it under one id; found it under 2 ids: \
                u1 in postgres, neo4j, qdrant and redis and u2 in postgres, neo4j, qdrant and redis
                """
            ])
    }

    @Test func unknownWhenUnreadableOrEmpty() {
        var world = World.one()
        world.unreadable[.qdrant] = "404"
        #expect(NoDuplicates().check(world) == .unknown("qdrant could not be read: 404"))
        #expect(NoDuplicates().check(.one(.rolledBack, isThere: false)) == .unknown("nothing was there to check"))
    }
}
