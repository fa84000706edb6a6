import Temporal
import Testing

/// Whether a try still has its worker's word, by a clock that the test moves.
@Suite struct ActivityContextTests {
    private let start = ContinuousClock.now

    @Test func itEndsWhenTheServerHeardNothingForItsTime() {
        let context = ActivityContext(heartbeat: .seconds(5), at: start)
        #expect(context.isHeard(at: start + .milliseconds(4_999)))
        #expect(!context.isHeard(at: start + .seconds(5)))
    }

    /// What counts is when a heartbeat went out, not when its answer came.
    @Test func eachHeartbeatThatIsAnsweredRenewsIt() {
        let context = ActivityContext(heartbeat: .seconds(5), at: start)
        context.noteHeard(sent: start + .seconds(3))
        context.noteHeard(sent: start + .seconds(1))
        #expect(context.isHeard(at: start + .milliseconds(7_999)))
        #expect(!context.isHeard(at: start + .seconds(8)))
    }

    @Test func withoutATimeOutItNeverEnds() {
        let context = ActivityContext(heartbeat: nil, at: start)
        #expect(context.isHeard(at: start + .seconds(86_400)))
    }

    @Test func whatTheServerGaveUpHasEnded() {
        let context = ActivityContext(heartbeat: nil, at: start)
        context.noteGone()
        #expect(!context.isHeard(at: start))
    }
}
