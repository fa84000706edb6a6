import Consistency
import Experiments
import Testing

@Suite struct FiredExpectationTests {
    private let evidence = Worlds.evidence(strikes: [
        Strike(id: 1, fault: "status on s3", name: "refusal", link: "s3", matched: 5, struck: 2),
        Strike(id: 2, fault: "latency on redis", link: "redis", matched: 9, struck: 9),
        Strike(id: 3, fault: "the second one", link: "s3", matched: 1, struck: 1),
        Strike(id: 4, fault: "the third one", link: "s3", matched: 1, struck: 4),
    ])

    @Test func countsStrikes() {
        #expect(FiredExpectation(.fault("refusal"), atLeast: 2).check(evidence) == .holds(checked: 2))
        #expect(FiredExpectation(.link("s3"), atLeast: 7).check(evidence) == .holds(checked: 7))
        #expect(FiredExpectation(.fault("the second one")).check(evidence) == .holds(checked: 1))
        #expect(FiredExpectation(nil, atLeast: 16).check(evidence) == .holds(checked: 16))
    }

    @Test func tooFewProveNothing() {
        #expect(
            FiredExpectation(.fault("refusal"), atLeast: 3).check(evidence)
                == .unknown("the fault 'refusal' strikes at least 3 times: it was only 2 times"))
        #expect(FiredExpectation(.link("s3"), atLeast: 8).check(evidence).verdict == .inconclusive)
        #expect(FiredExpectation(nil, atLeast: 17).check(evidence).verdict == .inconclusive)
    }

    @Test func whatWasOnlySeenIsNoEvidenceUnlessItIsNamed() {
        let seen = Strike(
            id: 5, fault: "watch on s3", name: "commits", link: "s3", matched: 8, struck: 8, isDamage: false)
        let evidence = Worlds.evidence(strikes: evidence.strikes + [seen])
        #expect(FiredExpectation(.link("s3"), atLeast: 7).check(evidence) == .holds(checked: 7))
        #expect(FiredExpectation(nil).check(evidence) == .holds(checked: 16))
        #expect(FiredExpectation(.fault("commits"), atLeast: 8).check(evidence) == .holds(checked: 8))
    }

    @Test func whatIsNotThereProvesNothing() {
        #expect(
            FiredExpectation(.fault("refusals")).check(evidence)
                == .unknown(
                    "no fault is named 'refusals'; there are: refusal, latency on redis, the second one, the third one")
        )
        #expect(FiredExpectation(.link("neo4j")).check(evidence).verdict == .inconclusive)
        #expect(FiredExpectation(nil).check(Worlds.evidence()).verdict == .inconclusive)
    }
}
