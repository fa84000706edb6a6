import Consistency
import Experiments
import Proxy
import Testing

@Suite struct RetriesExpectationTests {
    private let twice = [
        Worlds.request("a"), Worlds.answer("a", window: 1), Worlds.request("a"), Worlds.answer("a"),
        Worlds.request("b"), Worlds.answer("b"),
    ]

    @Test func aSecondRequestForTheSameKeyIsARetry() {
        #expect(RetriesExpectation(on: "s3", atMost: 1).check(Worlds.evidence([], twice)) == .holds(checked: 2))
        guard case .violated(let violations) = RetriesExpectation(on: "s3", atMost: 0).check(Worlds.evidence([], twice))
        else { return #expect(Bool(false), "one retry passed for none") }
        #expect(violations.map(\.document) == ["a"])
        #expect(violations[0].found == "1")
    }

    @Test func onlyStruckCallsMustBeRetried() {
        #expect(RetriesExpectation(on: "s3", atLeast: 1).check(Worlds.evidence([], twice)).verdict == .held)
        #expect(RetriesExpectation(on: "s3", atLeast: 2).check(Worlds.evidence([], twice)).verdict == .violated)
        let untouched = [Worlds.request("a"), Worlds.answer("a")]
        #expect(RetriesExpectation(on: "s3", atLeast: 1).check(Worlds.evidence([], untouched)).verdict == .inconclusive)
    }

    @Test func anotherLinkIsNoEvidence() {
        let events = [Worlds.request("a", link: "other"), Worlds.request("a", link: "other")]
        #expect(RetriesExpectation(on: "s3", atMost: 0).check(Worlds.evidence([], events)).verdict == .inconclusive)
    }

    @Test func aHistoryCutShortProvesNoAbsence() {
        let events = [Worlds.request("a", window: 1)]
        let cut = Worlds.evidence([], events, dropped: 1)
        #expect(RetriesExpectation(on: "s3", atMost: 0).check(cut).verdict == .inconclusive)
        #expect(RetriesExpectation(on: "s3", atLeast: 1).check(cut).verdict == .inconclusive)
        let seen = Worlds.evidence([], twice, dropped: 1)
        #expect(RetriesExpectation(on: "s3", atMost: 0).check(seen).verdict == .violated)
    }

    @Test func callsThatNobodyCanAttributeProveNothing() {
        let nameless = Worlds.evidence([], twice + [Worlds.request("")])
        #expect(RetriesExpectation(on: "s3", atMost: 1).check(nameless).verdict == .inconclusive)
        let opaque = WireEvent(time: 0, link: "s3", connection: 1, kind: .opaque)
        #expect(
            RetriesExpectation(on: "s3", atMost: 1).check(Worlds.evidence([], twice + [opaque])).verdict
                == .inconclusive)
    }
}
