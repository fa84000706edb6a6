import Consistency
import Testing

struct RestoredTests {
    private static let kinds: [Submission.Kind] = [.reingest, .delete, .duplicate, .ingest]

    private static func undone(_ kind: Submission.Kind = .reingest) -> Submission {
        Submission(document: "d", kind, content: kind == .delete ? nil : "v2", .rolledBack)
    }

    @Test(arguments: kinds)
    func holdsWhenTheFormerVersionIsWhole(kind: Submission.Kind) {
        #expect(Restored().check(.after([Self.undone(kind)], stored: "v1")) == .holds(checked: 1))
    }

    @Test(arguments: kinds, Store.allCases)
    func aLostRecordInOneStore(kind: Submission.Kind, store: Store) {
        var world = World.after([Self.undone(kind)], stored: "v1")
        world.change("d", in: store) { $0.removeAll { $0.key == "1" } }
        let finding = Restored().check(world)
        #expect(finding.texts.count == 1)
        #expect(finding.texts.first?.hasSuffix("found chunk 1 lost") == true)
    }

    @Test func allGone() {
        let texts = Restored().check(.after([Self.undone(.delete)], stored: nil)).texts
        #expect(
            texts.first == """
                restored: document d: expected 1 document, 2 chunks and 2 entities in postgres, as before the faults, since \
                its delete was rolled back; found document d lost, chunks 0 and 1 lost and entities Acme and Truck 7 lost
                """)
        #expect(texts.count == 4)
    }

    @Test func theNewVersionInOneStore() {
        var world = World.after([Self.undone()], stored: "v1")
        world.footprints[.redis]!["d"] = Record.all(of: "d", content: "v2", World.referenceKinds[.redis]!)
        #expect(
            Restored().check(world).texts == [
                """
                restored: document d: expected 1 document and 2 chunks in redis, as before the faults, since its re-ingest \
                was rolled back; found document d with v2 in place of v1, that of its re-ingest d-re-ingest and chunks 0 \
                and 1 with v2/0 in place of v1/0
                """
            ])
    }

    @Test func aRecordTwiceAndARecordTooMany() {
        var world = World.after([Self.undone()], stored: "v1")
        world.change("d", in: .qdrant) { $0.append($0[0]) }
        world.change("d", in: .neo4j) { $0.append(Record(kind: .entity, key: "Nobody")) }
        let texts = Restored().check(world).texts
        #expect(texts.count == 2)
        #expect(texts[0].hasSuffix("found entity Nobody not there before"))
        #expect(texts[1].hasSuffix("found chunk 0 not there before"))
    }

    @Test func whatTookEffectIsNotItsAffair() {
        let other = Submission(document: "d", .reingest, content: "v3", .succeeded)
        #expect(Restored().check(.after([Self.undone(), other], stored: "v3")).verdict == nil)
        #expect(Restored().check(.after([other], stored: "v3")).verdict == nil)
        // Nothing stood before, so a rollback has nothing to bring back.
        #expect(Restored().check(.one(.rolledBack, isThere: false)).verdict == nil)
        #expect(Restored().check(.one()).verdict == nil)
    }

    @Test func anUnknownResultMayHaveTakenEffect() {
        let unknown = Submission(document: "d", .reingest, content: "v3", .unknown)
        #expect(Restored().check(.after([Self.undone(), unknown], stored: "v3")).verdict == nil)
        #expect(Restored().check(.after([Self.undone(), unknown], stored: "v1")).verdict == .held)
        // The stores say the former content, so it must be the former version.
        var world = World.after([Self.undone(), unknown], stored: "v1")
        world.changeEverywhere("d") { $0.removeAll { $0.key == "1" } }
        #expect(Restored().check(world).verdict == .violated)
        let again = Submission(document: "d", .duplicate, content: "v1", .unknown)
        world.submissions[2] = again
        #expect(Restored().check(world).verdict == nil)
    }

    @Test(arguments: Store.allCases)
    func whatNobodyReadBeforeTheFaultsIsUnknown(store: Store) {
        var world = World.after([Self.undone()], stored: "v1")
        world.former[store] = nil
        #expect(Restored().check(world).doubt == "\(store) was not asked about document d before the faults")
        world = World.after([Self.undone()], stored: "v1")
        world.unreadable[store] = "timed out"
        #expect(Restored().check(world).verdict == .inconclusive)
    }
}
