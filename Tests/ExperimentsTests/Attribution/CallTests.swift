import Experiments
import Proxy
import Testing
import Wire

@Suite struct CallTests {
    @Test func attemptsComeInTimeOrderWhateverWasRecordedFirst() {
        var traffic = Traffic()
        traffic.call("a", at: 200, status: 200)
        traffic.call("a", at: 0, ended: 150, window: 3, action: .held)
        let calls = traffic.evidence().traffic.calls
        #expect(calls.count == 1)
        #expect(calls[0].attempts.map(\.time) == [0, Traffic.ns(200)])
        #expect(calls[0].attempts.map(\.window) == [3, 0])
        #expect(calls[0].attempts.map(\.action) == [.held, .forwarded])
        #expect(calls[0].attempts.map(\.end) == [Traffic.ns(150), Traffic.ns(210)])
        #expect(calls[0].attempts.map(\.isDone) == [false, true])
    }

    @Test func callsOfNobodyAreKept() {
        var traffic = Traffic()
        traffic.call("a", lane: 9, at: 0)
        #expect(traffic.evidence().traffic.calls.map(\.document) == [nil])
    }

    @Test func anInterimAnswerIsNoAnswer() {
        func message(_ time: Int64, _ direction: Direction, status: Int = 0) -> WireEvent {
            WireEvent(
                time: time, link: "s3", connection: 1, kind: .message, direction: direction, exchange: 1, key: "a",
                status: status)
        }
        let events = [message(0, .request), message(1, .response, status: 100), message(2, .response, status: 200)]
        let attempt = WireTraffic(events).calls[0].attempts[0]
        #expect(attempt.status == 200)
        #expect(attempt.answered == 2)
        let interim = WireTraffic(events.dropLast()).calls[0].attempts[0]
        #expect(interim.answered == nil)
        // An answer to what was asked before the workload is no call of it.
        #expect(WireTraffic(events.dropFirst()).calls.isEmpty)
    }

    @Test func anAnswerThatWasHeldNeverArrived() {
        var traffic = Traffic()
        traffic.call("a", at: 0, answered: 10, ended: 5000, window: 1, action: .held)
        let attempt = traffic.evidence().traffic.calls[0].attempts[0]
        #expect(attempt.answered == nil)
        #expect(attempt.end == Traffic.ns(5000))
    }

    @Test func knowsWhatStruckADocument() {
        var traffic = Traffic()
        traffic.call("a", at: 0, status: 500, window: 2, action: .replied)
        traffic.bytes(on: "redis", at: 5, window: 4, action: .delayed)
        traffic.bytes(on: "redis", lane: 1, at: 5, window: 5, action: .delayed)
        let seen = traffic.evidence().traffic
        #expect(seen.windows(striking: "d") == [2, 4])
        #expect(seen.windows(striking: "e") == [5])
        #expect(seen.windows(striking: "f") == [])
    }
}
