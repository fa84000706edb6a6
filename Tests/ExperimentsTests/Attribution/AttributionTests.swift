import Experiments
import Proxy
import Testing
import Wire

@Suite struct AttributionTests {
    private func stay(_ document: String, lane: Int = 0, _ from: Int64, _ to: Int64) -> Stay {
        Stay(lane: lane, document: document, submission: "\(document)-\(from)", from: from, to: to)
    }

    private func event(
        _ time: Int64, lane: Int = 0, link: String = "s3", key: String = "", exchange: Int = 0,
        _ direction: Direction = .request
    ) -> WireEvent {
        WireEvent(
            time: time, link: link, connection: 1, kind: .message, direction: direction, exchange: exchange, key: key,
            status: direction == .response ? 200 : 0, lane: lane)
    }

    @Test func aLaneTellsItsDocument() {
        let attribution = Attribution(stays: [stay("b", 20, 30), stay("a", 0, 10), stay("c", lane: 1, 5, 25)])
        let owners = [0, 10, 15, 20, 30, 31].map { attribution.owner(of: event($0)).document }
        #expect(owners == ["a", "a", nil, "b", "b", nil])
        #expect(attribution.owner(of: event(15, lane: 1)) == .document("c"))
        #expect(attribution.owner(of: event(15, lane: 2)) == .nobody)
        #expect(attribution.isIdle(0, at: 15))
        #expect(!attribution.isIdle(0, at: 5))
        #expect(!attribution.isIdle(2, at: 5))
    }

    @Test func aLaneIsBelievedBeforeAKey() {
        let attribution = Attribution(
            stays: [stay("a", 0, 10)], rules: [IdentificationRule(link: "s3", key: "{source}")], sources: ["in/b": "b"])
        #expect(attribution.owner(of: event(5, key: "in/b")) == .document("a"))
        #expect(attribution.owner(of: event(15, key: "in/b")) == .document("b"))
        #expect(attribution.owner(of: event(15, link: "redis", key: "in/b")) == .nobody)
        #expect(attribution.owner(of: event(15, key: "in/c")) == .nobody)
    }

    @Test func aLaneWithTwoDocumentsAtOnceTellsNothing() {
        let shared = Attribution(
            stays: [stay("a", 0, 10), stay("b", 9, 20), stay("c", 30, 40)],
            rules: [IdentificationRule(link: "s3", key: "{document}")])
        #expect(shared.owner(of: event(5)) == .nobody)
        #expect(shared.owner(of: event(35)) == .nobody)
        #expect(!shared.isIdle(0, at: 25))
        #expect(shared.owner(of: event(5, key: "b")) == .document("b"))
        // One that ends when the next begins is not there at once with it.
        let touching = Attribution(stays: [stay("a", 0, 10), stay("b", 10, 20)])
        #expect(touching.owner(of: event(5)) == .document("a"))
        #expect(touching.owner(of: event(10)) == .document("b"))
    }

    @Test func aKeyMayHaveTheIdThatTheStoresKnow() {
        let shared = Attribution(
            stays: [stay("a", 0, 10), stay("b", 5, 20)],
            rules: [IdentificationRule(link: "redis", key: "document:{document}*")], aliases: ["u-1": "a", "u-2": "b"])
        #expect(shared.owner(of: event(7, link: "redis", key: "document:u-1:chunks")) == .document("a"))
        #expect(shared.owner(of: event(7, link: "redis", key: "document:u-2")) == .document("b"))
        #expect(shared.owner(of: event(7, link: "redis", key: "document:u-3")) == .nobody)
    }

    @Test func oneDocumentMayBeTwiceInALane() {
        let twice = Attribution(stays: [stay("a", 0, 100), stay("a", 10, 20), stay("b", 200, 300)])
        #expect(twice.owner(of: event(50)) == .document("a"))
        #expect(twice.submission(of: "a", in: 0, at: 50) == "a-0")
        #expect(twice.submission(of: "a", in: 0, at: 15) == nil)
        #expect(twice.owner(of: event(150)) == .nobody)
        let apart = Attribution(stays: [stay("a", 0, 100), stay("a", lane: 1, 10, 20)])
        #expect(apart.submission(of: "a", in: 1, at: 15) == "a-10")
    }

    @Test(arguments: [
        ("{document}", "d10", "d10"), ("{document}", "d1", "d1"), ("{document}", "d2", nil),
        ("doc:{document}:*", "doc:d10:chunks", "d10"), ("doc:{document}:*", "doc:d10", nil),
        ("*{document}*", "x-d10-y", "d10"), ("*{document}*", "x-d1-y", "d1"), ("*/{source}", "bucket/in/a.txt", "d1"),
        ("*{document}*", "d1 and other", nil), ("{document}.{document}", "d1.d1", "d1"),
        ("{document}.{document}", "d1.d10", nil), ("*", "d1", nil), ("d1", "d1", nil), ("", "", nil),
    ])
    func patternsTellDocuments(pattern: String, key: String, document: String?) {
        let attribution = Attribution(
            rules: [IdentificationRule(link: "s3", key: pattern)],
            sources: ["in/a.txt": "d1", "in/b.txt": "d10", "in/c.txt": "other"])
        #expect(attribution.owner(of: event(0, key: key)).document == document)
    }

    @Test func rulesThatDisagreeTellNothing() {
        let attribution = Attribution(
            rules: [
                IdentificationRule(link: "s3", key: "{document}:*"),
                IdentificationRule(link: "s3", key: "*:{document}"),
            ],
            sources: ["1": "a", "2": "b"])
        #expect(attribution.owner(of: event(0, key: "a:b")) == .nobody)
        #expect(attribution.owner(of: event(0, key: "a:a")) == .document("a"))
        #expect(attribution.owner(of: event(0, key: "a:c")) == .document("a"))
    }

    @Test(arguments: [false, true])
    func aLateAnswerBelongsToItsRequest(isAnswerFirst: Bool) {
        let request = event(5, key: "k", exchange: 7)
        let answer = event(25, key: "k", exchange: 7, .response)
        let traffic = WireTraffic(
            isAnswerFirst ? [answer, request] : [request, answer],
            attribution: Attribution(stays: [stay("a", 0, 10), stay("b", 20, 30)]))
        #expect(traffic.owner(of: answer) == .document("a"))
        #expect(traffic.shares.map(\.document) == ["a"])
        #expect(traffic.shares[0].messages == 2)
        #expect(traffic.calls.map(\.document) == ["a"])
        #expect(traffic.calls[0].attempts.map(\.answered) == [25])
    }

    @Test func bytesBelongToTheStayTheyComeIn() {
        let events = [event(5, link: "redis"), event(9, link: "redis", .response), event(25, link: "redis")]
        let traffic = WireTraffic(
            events + [event(15, link: "redis"), event(25, lane: 4, link: "redis")],
            attribution: Attribution(stays: [stay("a", 0, 10), stay("b", 20, 30)]))
        #expect(traffic.shares.map(\.document) == ["a", "b"])
        #expect(traffic.shares.map(\.messages) == [2, 1])
        #expect(traffic.shares.map(\.submission) == ["a-0", "b-20"])
        #expect(traffic.requests["redis"] == 4)
        #expect(traffic.attributed["redis"] == 2)
        #expect(traffic.idle["redis"] == 1)
    }
}
