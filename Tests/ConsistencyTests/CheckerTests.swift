import Consistency
import Foundation
import Testing

struct CheckerTests {
    private struct Broken: Invariant {
        struct Failure: Error, CustomStringConvertible { var description: String { "out of order" } }
        static let name = "broken"
        static let title = "never gets that far"
        func check(_ world: World) throws -> Finding { throw Failure() }
    }

    private struct Careless: Invariant {
        static let name = "careless"
        static let title = "looks at nothing"
        let finding: Finding
        func check(_ world: World) -> Finding { finding }
    }

    @Test func aHealthyWorldIsHeldByAll() {
        let judgement = Checker.check(.one())
        #expect(judgement.verdict == .held)
        #expect(
            judgement.findings.map(\.invariant) == [
                "atomic", "complete", "same-content", "right-vectors", "no-duplicates", "no-orphans", "result-agrees",
                "restored", "no-residue", "no-bypass",
            ])
    }

    @Test func aCheckThatFailsIsUnknown() {
        let judgement = Checker.check(.one(), by: [Broken()])
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.doubts == ["broken: the check failed: out of order"])
    }

    @Test(arguments: [Finding.holds(checked: 0), .violated([])])
    func anEmptyFindingIsUnknown(finding: Finding) {
        #expect(Checker.check(.one(), by: [Careless(finding: finding)]).verdict == .inconclusive)
    }

    @Test func violatedBeatsUnknownBeatsHeld() {
        #expect(Verdict.merging([.held, .inconclusive, .violated, .held]) == .violated)
        #expect(Verdict.merging([.held, .inconclusive, .held]) == .inconclusive)
        #expect(Verdict.merging([.held]) == .held)
        #expect(Verdict.merging([]) == .inconclusive)
        #expect(Checker.check(.one(), by: []).verdict == .inconclusive)
    }

    @Test func nothingSubmittedIsInconclusive() {
        let judgement = Checker.check(.of([]))
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.findings.allSatisfy { $0.finding.verdict != .held && $0.finding.verdict != .violated })
    }

    @Test func nothingSucceededAndNothingThereIsInconclusive() {
        let judgement = Checker.check(.one(.rolledBack, isThere: false))
        let told = judgement.findings.filter { $0.finding.verdict == .held }
        #expect(told.map(\.invariant) == ["no-residue"])
        #expect(judgement.doubts.contains("atomic: nothing was there to check"))
    }

    @Test func successWithoutAnyDataIsViolated() {
        #expect(Checker.check(.one(.succeeded, isThere: false)).verdict == .violated)
    }

    @Test(arguments: Store.allCases)
    func anUnreadableStoreIsNeverHeld(store: Store) {
        var world = World.one()
        world.unreadable[store] = "timed out"
        let judgement = Checker.check(world)
        #expect(judgement.verdict == .inconclusive)
        #expect(
            judgement.findings.filter { $0.finding.verdict == .held }.map(\.invariant) == ["no-residue", "no-bypass"])
    }

    @Test func aSavedWorldIsJudgedTheSame() throws {
        var world = World.one()
        world.orphans = [Orphan(store: .neo4j, kind: .entity, key: "Acme")]
        world.unreadable[.redis] = "timed out"
        let saved = try JSONEncoder().encode(world)
        let read = try JSONDecoder().decode(World.self, from: saved)
        #expect(read == world)
        #expect(Checker.check(read) == Checker.check(world))
        // Stores are keys in the file, so that people find their way in it.
        let object = try #require(try JSONSerialization.jsonObject(with: saved) as? [String: Any])
        #expect(Set(try #require(object["footprints"] as? [String: Any]).keys) == Set(Store.allCases.map(\.rawValue)))
    }

    @Test func aJudgementIsSaved() throws {
        let judgement = Checker.check(.one(.rolledBack))
        let read = try JSONDecoder().decode(Judgement.self, from: JSONEncoder().encode(judgement))
        #expect(read == judgement)
    }
}
