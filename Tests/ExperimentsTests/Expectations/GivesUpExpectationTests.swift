import Consistency
import Experiments
import Proxy
import Testing

@Suite struct GivesUpExpectationTests {
    private let claim = GivesUpExpectation(on: "redis", within: .seconds(10))

    private func held(_ link: String = "redis", for time: Double, _ action: WireEvent.Action = .held) -> Traffic {
        var traffic = Traffic()
        traffic.bytes(on: link, at: 100)
        traffic.bytes(on: link, at: 200, ended: 200 + time, window: 1, action: action)
        return traffic
    }

    @Test func holdsWhenTheClientLeftInTime() {
        #expect(claim.check(held(for: 10_000).evidence()) == .holds(checked: 1))
    }

    @Test func violatedWhenItLeftTooLate() {
        guard case .violated(let violations) = claim.check(held(for: 10_001).evidence()) else {
            return #expect(Bool(false))
        }
        #expect(violations.map(\.document) == ["d"])
        #expect(violations[0].found == "bytes on connection 1 abandoned after 10.001 s")
    }

    @Test func violatedWhenItNeverLeft() {
        guard case .violated(let violations) = claim.check(held(for: 30_000, .delayed).evidence()) else {
            return #expect(Bool(false))
        }
        #expect(violations[0].found == "bytes on connection 1 still waiting when it was let go after 30 s")
    }

    @Test func unknownWhenNothingShowsIt() {
        #expect(claim.check(held("s3", for: 5).evidence()).verdict == .inconclusive)
        // Let go before its client had to lose patience.
        #expect(claim.check(held(for: 9000, .delayed).evidence()).verdict == .inconclusive)
        #expect(claim.check(held(for: 10).evidence(dropped: 1)).verdict == .inconclusive)
        #expect(claim.check(held(for: 30_000).evidence(dropped: 1)).verdict == .violated)
    }

    @Test func callsAreHeldToo() {
        var traffic = Traffic()
        traffic.call("a", at: 0, ended: 4000, window: 1, action: .held)
        let claim = GivesUpExpectation(on: "s3", within: .seconds(4))
        #expect(claim.check(traffic.evidence()) == .holds(checked: 1))
        traffic.call("b", at: 5000, answered: 5100, ended: 9101, window: 1, action: .held)
        #expect(claim.check(traffic.evidence()).verdict == .violated)
    }

    @Test func aTCPClientGivesUpByClosing() {
        var traffic = held(for: 0)
        #expect(claim.check(traffic.evidence()).verdict == .inconclusive)
        traffic.close(on: "redis", at: 3200)
        #expect(claim.check(traffic.evidence()) == .holds(checked: 1))
        #expect(GivesUpExpectation(on: "redis", within: .seconds(2)).check(traffic.evidence()).verdict == .violated)
    }
}
