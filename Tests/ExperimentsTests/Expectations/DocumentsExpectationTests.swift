import Consistency
import Experiments
import Testing

@Suite struct DocumentsExpectationTests {
    typealias Amount = DocumentsExpectation.Amount

    @Test(arguments: [
        (Amount.all, 4, Verdict.held), (.all, 3, .violated), (.count(3), 3, .held), (.count(3), 4, .violated),
        (.share(0.75), 3, .held), (.share(0.75), 2, .violated), (.share(0.75), 4, .held),
    ])
    func countsSuccesses(amount: Amount, succeeded: Int, verdict: Verdict) {
        let results = (0..<4).map { $0 < succeeded ? Submission.Result.succeeded : .rolledBack }
        #expect(DocumentsExpectation(succeed: amount).check(Worlds.evidence(results)).verdict == verdict)
    }

    @Test func anUnknownResultIsNoSuccess() {
        let evidence = Worlds.evidence([.succeeded, .unknown])
        #expect(DocumentsExpectation(succeed: .all).check(evidence).verdict == .violated)
        #expect(DocumentsExpectation(fail: 1).check(evidence) == .holds(checked: 2))
    }

    @Test func countsFailures() {
        let evidence = Worlds.evidence([.succeeded, .rolledBack, .unknown])
        #expect(DocumentsExpectation(fail: 2).check(evidence).verdict == .held)
        #expect(DocumentsExpectation(fail: 1).check(evidence).verdict == .violated)
        #expect(DocumentsExpectation(fail: 0).check(evidence).verdict == .violated)
    }

    @Test func nothingSubmittedProvesNothing() {
        #expect(DocumentsExpectation(succeed: .all).check(Worlds.evidence([])).verdict == .inconclusive)
        #expect(DocumentsExpectation(fail: 0).check(Worlds.evidence([])).verdict == .inconclusive)
    }
}
