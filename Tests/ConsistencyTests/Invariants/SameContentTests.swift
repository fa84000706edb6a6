import Consistency
import Testing

struct SameContentTests {
    /// `d` was ingested as `v1` and re-ingested as `v2`.
    private func reingested(_ result: Submission.Result, stored: String) -> World {
        var world = World.of([(Submission(document: "d", content: "v1", .succeeded), stored)])
        world.submissions.append(Submission(document: "d", .reingest, content: "v2", result))
        return world
    }

    @Test func holdsWhenDigestsAreThoseOfTheSource() {
        #expect(SameContent().check(.one()) == .holds(checked: 1))
    }

    @Test func aWrongDigestInOneStore() {
        var world = World.one()
        world.change("d", in: .neo4j) { $0[1].digest = "rotten" }
        #expect(
            SameContent().check(world).texts == [
                """
                same-content: document d: expected one digest of chunk 0 in all stores; \
                found v1/0 in postgres, qdrant and redis and rotten in neo4j
                """
            ])
    }

    @Test func manyWrongDigestsAreToldTogether() {
        var world = World.one()
        world.change("d", in: .qdrant) { for index in $0.indices { $0[index].digest = "old" } }
        #expect(
            SameContent().check(world).texts == [
                """
                same-content: document d: expected one digest of chunks 0 and 1 in all stores; \
                found for chunk 0 v1/0 in postgres, neo4j and redis and old in qdrant
                """
            ])
    }

    @Test func formerContentAfterAReingestionThatSucceeded() {
        #expect(
            SameContent().check(reingested(.succeeded, stored: "v1")).texts == [
                """
                same-content: document d: expected the digest of the latest content that succeeded, v2; \
                found v1 in postgres, neo4j and redis, that of its ingest d-ingest
                """
            ])
    }

    @Test(arguments: [
        (Submission.Result.succeeded, "v2", Verdict.held), (.succeeded, "v1", .violated), (.rolledBack, "v1", .held),
        (.rolledBack, "v2", .violated), (.unknown, "v1", .held), (.unknown, "v2", .held), (.unknown, "v3", .violated),
    ])
    func whatMayStandAfterAReingestion(result: Submission.Result, stored: String, expected: Verdict) {
        #expect(SameContent().check(reingested(result, stored: stored)).verdict == expected)
    }

    @Test func contentOfNoSubmission() {
        let world = World.of([(Submission(document: "d", content: "v1", .succeeded), "v0")])
        #expect(SameContent().check(world).texts.first?.hasSuffix(", that of no submission") == true)
    }

    @Test func unknownWithoutDigestsOrStores() {
        var world = World.one()
        world.changeEverywhere("d") { for index in $0.indices { $0[index].digest = nil } }
        #expect(SameContent().check(world) == .unknown("no store keeps a digest of any document"))
        world = .one()
        world.unreadable[.postgres] = "gone"
        #expect(SameContent().check(world) == .unknown("postgres could not be read: gone"))
    }
}
