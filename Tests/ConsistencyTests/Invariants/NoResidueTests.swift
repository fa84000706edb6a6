import Consistency
import Testing

struct NoResidueTests {
    @Test func holdsWhenNothingWasFound() {
        #expect(NoResidue().check(.one()) == .holds(checked: 3))
    }

    @Test func tellsWhatIsLeft() {
        var world = World.one()
        world.residue = [
            Residue(kind: .openTransaction, store: .postgres, name: "session 71: INSERT INTO chunks"),
            Residue(kind: .temporaryFile, name: "/tmp/b.pdf"), Residue(kind: .temporaryFile, name: "/tmp/a.pdf"),
            Residue(kind: .unfinishedSaga, name: "ingest-d", document: "d"),
        ]
        #expect(
            NoResidue().check(world).texts == [
                "no-residue: expected no open transaction in postgres once everything has settled; "
                    + "found open transaction: session 71: INSERT INTO chunks",
                "no-residue: expected no temporary file once everything has settled; "
                    + "found 2 temporary files: /tmp/a.pdf and /tmp/b.pdf",
                "no-residue: document d: expected no unfinished saga once everything has settled; "
                    + "found unfinished saga: ingest-d",
            ])
    }

    @Test func whatNobodyLookedForIsUnknown() {
        var world = World.one()
        world.residueSought = [.temporaryFile, .unfinishedSaga]
        #expect(NoResidue().check(world).doubt == "nobody looked for open transactions in postgres")
        world.residueSought = []
        #expect(NoResidue().check(world).verdict == .inconclusive)
        world.kinds[.postgres] = nil
        #expect(NoResidue().check(world).doubt == "nobody looked for anything left behind")
        world.residueSought = [.temporaryFile]
        #expect(NoResidue().check(world).verdict == .held)
    }

    @Test func whatIsFoundCountsThoughNotAllWasLookedFor() {
        var world = World.one()
        world.residueSought = []
        world.residue = [Residue(kind: .temporaryFile, name: "/tmp/a.pdf")]
        #expect(NoResidue().check(world).verdict == .violated)
    }
}
