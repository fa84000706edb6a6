import Consistency
import Experiments
import Proxy
import Testing

@Suite struct RetriesExpectationTests {
    /// The first answer was struck, the second is well.
    private static var twice: Traffic {
        var traffic = Traffic()
        traffic.call("a", at: 0, status: 503, window: 1, action: .replied)
        traffic.call("a", at: 100)
        traffic.call("b", at: 200)
        return traffic
    }

    private func check(
        _ traffic: Traffic, dropped: Int = 0, on link: String = "s3", _ rules: RetryRule...
    ) -> Finding {
        RetriesExpectation(on: link, rules).check(traffic.evidence(dropped: dropped))
    }

    private func found(_ finding: Finding) -> [String] {
        if case .violated(let violations) = finding { return violations.map(\.found) }
        return []
    }

    @Test func aSecondRequestForTheSameKeyIsARetry() {
        #expect(check(Self.twice, .atMost(1)) == .holds(checked: 2))
        guard case .violated(let violations) = check(Self.twice, .atMost(0)) else { return #expect(Bool(false)) }
        #expect(violations.map(\.document) == ["d"])
        #expect(violations[0].expected == "at most 0 retries, GetObject of a on s3")
        #expect(violations[0].found == "1")
    }

    @Test func onlyStruckCallsMustBeRetried() {
        #expect(check(Self.twice, .atLeast(1)).verdict == .held)
        #expect(check(Self.twice, .atLeast(2)).verdict == .violated)
        var untouched = Traffic()
        untouched.call("a", at: 0)
        #expect(check(untouched, .atLeast(1)).verdict == .inconclusive)
    }

    @Test func anotherLinkIsNoEvidence() {
        #expect(check(Self.twice, on: "openai", .atMost(0)).verdict == .inconclusive)
    }

    @Test func aHistoryCutShortProvesNoAbsence() {
        var once = Traffic()
        once.call("a", at: 0, status: 503, window: 1, action: .replied)
        #expect(check(once, dropped: 1, .atMost(0)).verdict == .inconclusive)
        #expect(check(once, dropped: 1, .atLeast(1)).verdict == .inconclusive)
        #expect(check(once, dropped: 1, .noneAfter(["503"])).verdict == .inconclusive)
        #expect(check(Self.twice, dropped: 1, .atMost(0)).verdict == .violated)
    }

    @Test func callsThatNobodyCanAttributeProveNothing() {
        var traffic = Self.twice
        traffic.call("c", lane: 7, at: 300)
        #expect(check(traffic, .atMost(1)).verdict == .inconclusive)
        #expect(check(traffic, .atMost(0)).verdict == .violated)
        let other = RetriesExpectation(on: "s3", operation: "Put*", [.atMost(1)])
        #expect(other.check(traffic.evidence()).verdict == .inconclusive)
        let opaque = WireEvent(time: 0, link: "s3", connection: 1, kind: .opaque)
        let seen = WireTraffic(Self.twice.events + [opaque], attribution: Attribution(stays: Traffic.stays))
        let evidence = Evidence(world: Self.twice.evidence().world, traffic: seen)
        #expect(RetriesExpectation(on: "s3", [.atMost(1)]).check(evidence).verdict == .inconclusive)
    }

    @Test func onlyCallsOfTheOperationCount() {
        var traffic = Self.twice
        traffic.call("a", "HeadObject", at: 300, status: 500)
        traffic.call("a", "HeadObject", at: 310, status: 500)
        traffic.call("a", "HeadObject", at: 320, status: 500)
        #expect(check(traffic, .atMost(1)).verdict == .violated)
        let get = RetriesExpectation(on: "s3", operation: "Get*", [.atMost(1)])
        #expect(get.check(traffic.evidence()) == .holds(checked: 2))
    }

    @Test func whatComesAgainAfterSuccessIsARetryOrAnotherCall() {
        var traffic = Traffic()
        traffic.call("a", at: 0)
        traffic.call("a", at: 100)
        #expect(check(traffic, .atMost(0)).verdict == .inconclusive)
        #expect(check(traffic, .atMost(1)) == .holds(checked: 1))
        // An answer that a fault had touched may well be asked for again.
        traffic = Traffic()
        traffic.call("a", at: 0, window: 1, action: .edited)
        traffic.call("a", at: 100)
        #expect(check(traffic, .atMost(0)).verdict == .violated)
    }

    @Test func theSameCallOfAnotherDocumentOrSubmissionIsNoRetry() {
        var traffic = Traffic()
        traffic.call("a", at: 0, status: 500)
        traffic.call("a", lane: 1, at: 5, status: 500)
        traffic.call("a", at: 100, status: 500)
        let stays = [
            Stay(lane: 0, document: "d", submission: "d-1", from: 0, to: Traffic.ns(50)),
            Stay(lane: 0, document: "d", submission: "d-2", from: Traffic.ns(60), to: Traffic.ns(150)),
            Stay(lane: 1, document: "e", submission: "e-1", from: 0, to: Traffic.ns(150)),
        ]
        #expect(RetriesExpectation(on: "s3", [.atMost(0)]).check(traffic.evidence(stays: stays)) == .holds(checked: 3))
    }

    @Test func submissionsThatCannotBeToldApartProveNothing() {
        var traffic = Traffic()
        traffic.call("d", at: 0, status: 500)
        traffic.call("d", at: 100, status: 500)
        var evidence = traffic.evidence()
        evidence.traffic = WireTraffic(
            traffic.events,
            attribution: Attribution(rules: [IdentificationRule(link: "s3", key: "{source}")], sources: ["d": "d"]))
        #expect(RetriesExpectation(on: "s3", [.atMost(0)]).check(evidence).verdict == .violated)
        evidence.world.submissions.append(Submission(id: "d-2", document: "d", kind: .duplicate, result: .succeeded))
        #expect(RetriesExpectation(on: "s3", [.atMost(0)]).check(evidence).verdict == .inconclusive)
    }

    @Test func retryAfterIsAWaitFromTheAnswer() {
        func traffic(next: Double, asked: Int? = 1000) -> Traffic {
            var traffic = Traffic()
            traffic.call("a", at: 0, answered: 10, status: 429, retryAfter: asked)
            traffic.call("a", at: next)
            return traffic
        }
        #expect(check(traffic(next: 1010), .retryAfterHonoured) == .holds(checked: 1))
        // Less than a millisecond short is rounding.
        #expect(check(traffic(next: 1009.5), .retryAfterHonoured).verdict == .held)
        #expect(found(check(traffic(next: 1008.5), .retryAfterHonoured)) == ["one after 999 ms"])
        #expect(check(traffic(next: 20), dropped: 1, .retryAfterHonoured).verdict == .violated)
        #expect(check(traffic(next: 1010, asked: nil), .retryAfterHonoured).verdict == .inconclusive)
        var alone = Traffic()
        alone.call("a", at: 0, status: 429, retryAfter: 1000)
        #expect(check(alone, .retryAfterHonoured).verdict == .inconclusive)
        // Nobody knows whether its client ever read the head of an answer that was held or cut off.
        for action in [WireEvent.Action.held, .cut] {
            var unseen = Traffic()
            unseen.call("a", at: 0, answered: 10, status: 429, window: 1, action: action, retryAfter: 1000)
            unseen.call("a", at: 20)
            #expect(check(unseen, .retryAfterHonoured).verdict == .inconclusive)
        }
    }

    @Test func waitsAreFromTheFailure() {
        #expect(check(Self.twice, .waitAtLeast(.milliseconds(90))).verdict == .held)
        #expect(found(check(Self.twice, .waitAtLeast(.milliseconds(91)))) == ["one after 90 ms"])
        var hung = Traffic()
        hung.call("a", at: 0, ended: 5000, window: 1, action: .held)
        hung.call("a", at: 5050)
        #expect(check(hung, .waitAtLeast(.milliseconds(50))).verdict == .held)
        #expect(check(hung, .waitAtLeast(.milliseconds(100))).verdict == .violated)
        var hedged = Traffic()
        hedged.call("a", at: 0, ended: 5000, window: 1, action: .held)
        hedged.call("a", at: 300)
        #expect(check(hedged, .waitAtLeast(.milliseconds(100))).verdict == .inconclusive)
        var once = Traffic()
        once.call("a", at: 0)
        #expect(check(once, .waitAtLeast(.zero)).verdict == .inconclusive)
    }

    @Test func growingWaitsEndLongerThanTheyBegan() {
        func traffic(_ times: Double..., retryAfter: Int? = nil) -> Traffic {
            var traffic = Traffic()
            for time in times { traffic.call("a", at: time, status: 503, retryAfter: retryAfter) }
            return traffic
        }
        #expect(check(traffic(0, 110, 320, 730), .growingWaits) == .holds(checked: 1))
        // Capped at the end, and with jitter in between.
        #expect(check(traffic(0, 110, 320, 500, 910, 1320), .growingWaits).verdict == .held)
        #expect(found(check(traffic(0, 110, 230), .growingWaits)) == ["waits of 100 ms, 110 ms"])
        #expect(check(traffic(0, 110), .growingWaits).verdict == .inconclusive)
        #expect(check(traffic(0, 110, 220, retryAfter: 100), .growingWaits).verdict == .inconclusive)
        #expect(check(traffic(0, 110, 220), dropped: 1, .growingWaits).verdict == .inconclusive)
    }

    @Test func nothingFollowsAFinalStatus() {
        var traffic = Traffic()
        traffic.call("a", at: 0, status: 401)
        traffic.call("b", at: 5, status: 404)
        #expect(check(traffic, .noneAfter(["401"])) == .holds(checked: 2))
        #expect(check(traffic, .noneAfter(["403"])).verdict == .inconclusive)
        traffic.call("a", at: 100, status: 401)
        #expect(found(check(traffic, .noneAfter(["403", "401"]))) == ["1 more attempt after it"])
    }

    @Test func allRulesAreJudged() {
        let all = check(Self.twice, .atMost(1), .atLeast(1), .waitAtLeast(.milliseconds(90)))
        #expect(all.verdict == .held)
        #expect(check(Self.twice, .atMost(1), .retryAfterHonoured).verdict == .inconclusive)
        #expect(check(Self.twice, .atMost(0), .retryAfterHonoured).verdict == .violated)
    }
}
