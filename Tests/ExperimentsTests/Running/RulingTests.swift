import Consistency
import Experiments
import Testing

@Suite struct RulingTests {
    private let holding = Judgement(of: .holds(checked: 1))
    private let unknown = Judgement(of: .unknown("postgres could not be read"))
    private let violated = Judgement(
        of: .violated([
            Violation(invariant: "atomic", document: "d", stores: [.redis], expected: "all", found: "some")
        ]))

    private func claim(_ finding: Finding) -> RunResult.Claim {
        RunResult.Claim(expectation: "documents", claim: "all", finding: finding)
    }

    @Test func heldNeedsNoReason() {
        let ruling = Ruling(judgement: holding, claims: [claim(.holds(checked: 2))], doubts: [])
        #expect(ruling.verdict == .held)
        #expect(ruling.reasons == [])
    }

    @Test func violatedOutweighsDoubts() {
        let ruling = Ruling(judgement: violated, claims: [claim(.unknown("why"))], doubts: ["never struck"])
        #expect(ruling.verdict == .violated)
        #expect(
            ruling.reasons == [
                "atomic: document d: expected all; found some", "never struck", "why (so nobody can tell documents)",
            ])
    }

    @Test func aViolatedClaimIsEnough() {
        let violation = Violation(invariant: "documents", document: nil, stores: [], expected: "2", found: "1")
        let ruling = Ruling(judgement: holding, claims: [claim(.violated([violation, violation]))], doubts: [])
        #expect(ruling.verdict == .violated)
        #expect(ruling.reasons == ["documents: expected 2; found 1 (and 1 more)"])
    }

    @Test func anyDoubtOutweighsHeld() {
        #expect(Ruling(judgement: holding, claims: [], doubts: ["never struck"]).verdict == .inconclusive)
        #expect(Ruling(judgement: unknown, claims: [], doubts: []).verdict == .inconclusive)
        #expect(Ruling(judgement: holding, claims: [claim(.unknown("why"))], doubts: []).verdict == .inconclusive)
    }

    @Test func nothingJudgedIsNotHeld() {
        #expect(
            Ruling(judgement: Checker.check(Worlds.world([]), by: []), claims: [], doubts: []).verdict == .inconclusive)
    }

    @Test func evidenceDoubtsWhatNeverStruckAndWhatWasDropped() {
        let never = Strike(id: 1, fault: "remove-header on s3", link: "s3", matched: 0, struck: 0)
        let often = Strike(id: 2, fault: "latency on redis", link: "redis", matched: 9, struck: 9)
        #expect(Worlds.evidence(strikes: [often]).doubts == [])
        #expect(
            Worlds.evidence(strikes: [never, often]).doubts == [
                "the fault 'remove-header on s3' never struck: no message matched its selector"
            ])
        let declined = Strike(
            id: 3, fault: "drop-embedding on openai", link: "openai", matched: 2, struck: 0, notApplied: 2)
        let closed = Strike(
            id: 4, fault: "reset on s3", name: "late", link: "s3", matched: 0, struck: 0, isOpened: false)
        let blind = Strike(id: 5, fault: "watch on s3", link: "s3", matched: 0, struck: 0, isDamage: false)
        #expect(
            Worlds.evidence(strikes: [declined, closed, blind]).doubts == [
                """
                the fault 'drop-embedding on openai' never struck: it was to strike 2 messages, whose bodies were too long \
                or of another kind
                """,
                """
                the fault 'late (reset on s3)' never struck: it never opened, as what it waits for never happened
                """, "the fault 'watch on s3' never struck: no message matched its selector",
            ])
        #expect(Worlds.evidence([]).doubts == ["no document was submitted"])
        #expect(Worlds.evidence(dropped: 3).doubts == ["the wire history lost 3 events"])
    }
}

/// Says the same of every world.
private struct Fixed: Invariant {
    static let name = "atomic"
    static let title = "fixed"
    let finding: Finding
    func check(_ world: World) -> Finding { finding }
}

extension Judgement {
    fileprivate init(of finding: Finding) {
        self = Checker.check(Worlds.world([.succeeded]), by: [Fixed(finding: finding)])
    }
}
