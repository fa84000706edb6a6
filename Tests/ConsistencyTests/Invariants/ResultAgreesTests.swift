import Consistency
import Testing

struct ResultAgreesTests {
    @Test(arguments: [
        (Submission.Result.succeeded, true, Verdict.held), (.succeeded, false, .violated),
        (.rolledBack, true, .violated),
        (.unknown, true, .held),
    ])
    func oneIngestion(result: Submission.Result, isThere: Bool, expected: Verdict) {
        #expect(ResultAgrees().check(.one(result, isThere: isThere)).verdict == expected)
    }

    @Test func goneIsRightBehindRolledBackAndUnknown() {
        let world = World.of([
            (Submission(document: "a", content: "v1", .succeeded), "v1"),
            (Submission(document: "b", content: "v1", .rolledBack), nil),
            (Submission(document: "c", content: "v1", .unknown), nil),
        ])
        #expect(ResultAgrees().check(world) == .holds(checked: 3))
    }

    @Test func aLostDocumentIsTold() {
        var world = World.one()
        world.change("d", in: .qdrant) { $0 = [] }
        #expect(
            ResultAgrees().check(world).texts == [
                """
                result-agrees: document d: expected it in postgres, neo4j, qdrant and redis, as its ingest succeeded; \
                found nothing of it in qdrant
                """
            ])
    }

    @Test func aLeftoverIsToldWithItsPlaces() {
        var world = World.of([
            (Submission(document: "a", content: "v1", .succeeded), "v1"),
            (Submission(document: "d", content: "v1", .rolledBack), nil),
        ])
        world.change("d", in: .qdrant) { $0 = [Record(kind: .chunk, key: "0")] }
        #expect(
            ResultAgrees().check(world).texts == [
                """
                result-agrees: document d: expected nothing of it in any store, as its ingest was rolled back; \
                found 1 chunk in qdrant
                """
            ])
    }

    @Test func halfADocumentIsWrongBehindAnyResult() {
        var world = World.one(.unknown)
        world.change("d", in: .postgres) { $0 = [] }
        #expect(ResultAgrees().check(world).texts.first?.contains("expected it whole or gone") == true)
    }

    @Test(arguments: [
        (Submission.Result.succeeded, true, Verdict.violated), (.succeeded, false, .held), (.rolledBack, true, .held),
        (.rolledBack, false, .violated), (.unknown, true, .held), (.unknown, false, .held),
    ])
    func aDeletionAfterAnIngestion(result: Submission.Result, isThere: Bool, expected: Verdict) {
        var world = World.one(.succeeded, isThere: isThere)
        world.submissions.append(Submission(document: "d", .delete, result))
        #expect(ResultAgrees().check(world).verdict == expected)
    }

    @Test func aDuplicateOfADeletedDocumentBringsItBack() {
        var world = World.one(.succeeded, isThere: false)
        world.submissions.append(Submission(document: "d", .delete, .succeeded))
        world.submissions.append(Submission(document: "d", .duplicate, .succeeded))
        #expect(ResultAgrees().check(world).verdict == .violated)
    }

    @Test func leftoversUnderAFormerIDAreSeen() {
        var world = World.of([(Submission(document: "d", content: "v1", storedID: "u1", .rolledBack), "v1")])
        world.submissions.append(Submission(document: "d", content: "v1", storedID: "u2", .rolledBack))
        for store in Store.allCases { world.footprints[store]?["u2"] = [] }
        #expect(ResultAgrees().check(world).verdict == .violated)
    }

    @Test func unknownWhenAStoreCouldNotBeReadOrWasNotAsked() {
        var world = World.one()
        world.unreadable[.redis] = "refused"
        #expect(ResultAgrees().check(world) == .unknown("redis could not be read: refused"))
        world = .one()
        world.footprints[.redis] = [:]
        #expect(ResultAgrees().check(world) == .unknown("redis was never asked about document d"))
    }
}
