import Consistency
import Experiments
import Proxy
import Testing

@Suite struct RollbackExpectationTests {
    private let claim = RollbackExpectation(within: .seconds(1), on: ["postgres", "qdrant"])

    /// `d` is struck from 100 to 150 ms and then undoes something on each of two stores, the last until `until`.
    private func undone(until end: Double = 1000, struckUntil: Double = 150) -> Traffic {
        var traffic = Traffic()
        traffic.bytes(on: "postgres", at: 50)
        traffic.call("d", "UpsertPoints", on: "qdrant", at: 60)
        traffic.bytes(on: "redis", at: 100, ended: struckUntil, window: 1, action: .held)
        traffic.call("d", "DeletePoints", on: "qdrant", at: 200)
        traffic.bytes(on: "postgres", at: 300, ended: end)
        return traffic
    }

    @Test func holdsWhenTheUndoingIsOverInTime() {
        #expect(claim.check(undone().evidence()) == .holds(checked: 1))
        #expect(claim.check(undone(until: 1150).evidence()).verdict == .held)
    }

    @Test func violatedWhenItTakesTooLong() {
        guard case .violated(let violations) = claim.check(undone(until: 1151).evidence()) else {
            return #expect(Bool(false))
        }
        #expect(violations.map(\.document) == ["d"])
        #expect(violations[0].found == "a call on postgres that ended 1.001 s after it")
    }

    @Test func onlyTheseLinksCount() {
        let qdrant = RollbackExpectation(within: .seconds(1), on: ["qdrant"])
        #expect(qdrant.check(undone(until: 5000).evidence()) == .holds(checked: 1))
        let neo4j = RollbackExpectation(within: .seconds(1), on: ["neo4j"])
        #expect(neo4j.check(undone().evidence()) == .unknown("no undo was seen of 1 document that rolled back"))
    }

    @Test func allStoresAreMeantWithoutLinks() {
        let all = RollbackExpectation(within: .seconds(1))
        var evidence = undone(until: 5000).evidence()
        #expect(all.check(evidence).verdict == .inconclusive)
        evidence.world.links = ["s3", "postgres", "qdrant"].map {
            LinkTraffic(link: $0, service: $0, messages: 1, bytes: 1)
        }
        #expect(all.check(evidence).verdict == .violated)
    }

    @Test func unknownWithoutEvidence() {
        #expect(claim.check(undone().evidence([.unknown, .succeeded])) == .unknown("no document was rolled back"))
        var untouched = Traffic()
        untouched.bytes(on: "postgres", at: 50)
        #expect(claim.check(untouched.evidence()) == .unknown("no message of a rolled-back document was struck"))
        #expect(claim.check(undone().evidence(dropped: 1)).verdict == .inconclusive)
        #expect(claim.check(undone(until: 5000).evidence(dropped: 1)).verdict == .inconclusive)
        let two = RollbackExpectation(within: .seconds(1), atLeast: 2, on: ["postgres"])
        #expect(two.check(undone().evidence()).verdict == .inconclusive)
    }

    @Test func unknownWhenNobodyCanTellWhoseRequestsTheyAre() {
        var traffic = undone()
        // A lane in which nothing is has its own traffic: that is nobody's business.
        traffic.bytes(on: "postgres", lane: 0, at: 200_000)
        #expect(claim.check(traffic.evidence()).verdict == .held)
        traffic.bytes(on: "postgres", lane: 7, at: 500)
        #expect(claim.check(traffic.evidence()).verdict == .inconclusive)
    }

    @Test func unknownWhenTheStruckMessageOutlastsTheUndoing() {
        #expect(claim.check(undone(struckUntil: 9000).evidence()).verdict == .inconclusive)
    }

    @Test func whatAnotherSubmissionDoesIsNoUndoing() {
        let stays = [
            Stay(lane: 0, document: "d", submission: "d-1", from: 0, to: Traffic.ns(250)),
            Stay(lane: 0, document: "d", submission: "d-2", from: Traffic.ns(260), to: Traffic.ns(9000)),
        ]
        #expect(claim.check(undone(until: 5000).evidence(stays: stays)) == .holds(checked: 1))
    }

    @Test func undoneCountsRequests() {
        func check(_ link: String, _ operation: String? = nil, _ least: Int = 1) -> Finding {
            UndoneExpectation(on: link, operation: operation, atLeast: least).check(undone().evidence())
        }
        #expect(check("qdrant", "Delete*") == .holds(checked: 1))
        #expect(check("postgres") == .holds(checked: 1))
        #expect(check("qdrant", "Upsert*").verdict == .inconclusive)
        #expect(check("postgres", nil, 2).verdict == .inconclusive)
        #expect(check("neo4j").verdict == .inconclusive)
        let succeeded = undone().evidence([.succeeded, .succeeded])
        #expect(UndoneExpectation(on: "qdrant").check(succeeded) == .unknown("no document was rolled back"))
        // What was seen was seen.
        #expect(UndoneExpectation(on: "qdrant").check(undone().evidence(dropped: 1)).verdict == .held)
        #expect(UndoneExpectation(on: "neo4j").check(undone().evidence(dropped: 1)).verdict == .inconclusive)
    }
}
