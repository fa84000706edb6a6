import Consistency
import Experiments
import Faults
import Testing

@Suite struct DocumentsExpectationTests {
    @Test(arguments: [
        (Amount.all, 4, Verdict.held), (.all, 3, .violated), (.count(3), 3, .held), (.count(3), 4, .violated),
        (.share(0.75), 3, .held), (.share(0.75), 2, .violated), (.share(0.75), 4, .held),
        (.counts(1 ... .max), 1, .held),
        (.counts(1 ... .max), 0, .violated), (.counts(0...2), 3, .violated), (.shares(0...0.5), 2, .held),
        (.shares(0...0.5), 3, .violated),
    ])
    func countsEachResult(amount: Amount, count: Int, verdict: Verdict) {
        func results(_ result: Submission.Result, _ other: Submission.Result) -> Evidence {
            Worlds.evidence((0..<4).map { $0 < count ? result : other })
        }
        let wellDone = results(.succeeded, .unknown)
        #expect(DocumentsExpectation(succeed: amount).check(wellDone).verdict == verdict)
        #expect(DocumentsExpectation(rollBack: amount).check(results(.rolledBack, .unknown)).verdict == verdict)
        #expect(DocumentsExpectation(fail: amount).check(results(.rolledBack, .succeeded)).verdict == verdict)
    }

    @Test func anUnknownResultIsNoSuccessAndNoRollback() {
        let evidence = Worlds.evidence([.succeeded, .unknown])
        #expect(DocumentsExpectation(succeed: .all).check(evidence).verdict == .violated)
        #expect(DocumentsExpectation(rollBack: .count(1)).check(evidence).verdict == .violated)
        #expect(DocumentsExpectation(fail: .count(1)).check(evidence) == .holds(checked: 2))
    }

    @Test func everyPartMustBeTrue() {
        let evidence = Worlds.evidence([.succeeded, .rolledBack])
        let both = DocumentsExpectation(succeed: .count(1), rollBack: .counts(1 ... .max))
        #expect(both.check(evidence) == .holds(checked: 2))
        #expect(both.claim == "exactly 1 document to succeed, and at least 1 document to roll back")
        let wrong = DocumentsExpectation(succeed: .count(1), rollBack: .all)
        guard case .violated(let violations) = wrong.check(evidence) else { return #expect(Bool(false)) }
        #expect(violations.map(\.expected) == ["all documents to roll back"])
        #expect(violations[0].found == "1 of 2 succeeded, 1 rolled back, 0 with an unknown result")
    }

    @Test func nothingSubmittedProvesNothing() {
        #expect(DocumentsExpectation(succeed: .all).check(Worlds.evidence([])).verdict == .inconclusive)
        #expect(DocumentsExpectation(fail: .count(0)).check(Worlds.evidence([])).verdict == .inconclusive)
    }

    @Test func theBaselineIsNotCounted() {
        var evidence = Worlds.evidence([.succeeded, .rolledBack])
        evidence.world.submissions[0].isBaseline = true
        #expect(DocumentsExpectation(rollBack: .all).check(evidence) == .holds(checked: 1))
        evidence.world.submissions[1].isBaseline = true
        #expect(DocumentsExpectation(rollBack: .all).check(evidence).verdict == .inconclusive)
        #expect(evidence.doubts == ["no document was submitted"])
    }

    @Test(arguments: [
        ("all", Amount.all), ("48", .count(48)), ("90%", .share(0.9)), ("1..", .counts(1 ... .max)),
        ("..3", .counts(0...3)), ("2..5", .counts(2...5)), ("50%..", .shares(0.5...1)),
        ("10%..50%", .shares(0.1...0.5)),
    ])
    func readsAmounts(text: String, amount: Amount) throws {
        #expect(try read(text) == amount)
    }

    @Test(arguments: ["most", "..", "5..2", "120%", "-1", "1...", "50%..60", "3.5", "+3"])
    func refusesOtherAmounts(text: String) {
        #expect(throws: SpecError.self) { try read(text) }
    }

    private func read(_ text: String) throws(SpecError) -> Amount {
        let mark = SpecNode.Mark(line: 1, column: 1)
        return try SpecType<Amount>.amount.read(
            SpecNode(.scalar(text), at: mark), SpecPlace(file: "e.yaml", path: "succeed", mark: mark))
    }
}
