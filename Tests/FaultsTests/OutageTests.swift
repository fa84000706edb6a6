import Faults
import Testing

/// When listening sockets refuse, from a window's opening on.
struct OutageTests {
    private let cycle = Outage.Cycle(up: .seconds(3), down: .seconds(2))

    @Test func itIsUpFirstAndThenDownAndSoOn() {
        let moments: [Duration] = [
            .zero, .nanoseconds(2_999_999_999), .seconds(3), .nanoseconds(4_999_999_999), .seconds(5), .seconds(8),
        ]
        #expect(moments.map { cycle.isDown(after: $0) } == [false, false, true, true, false, true])
    }

    @Test func edges() {
        let pairs: [(Duration, Duration)] = [
            (.zero, .seconds(3)), (.seconds(3), .seconds(5)), (.seconds(4), .seconds(5)), (.seconds(5), .seconds(8)),
            (.milliseconds(102_900), .seconds(103)),
        ]
        for (moment, edge) in pairs { #expect(cycle.nextEdge(after: moment) == edge) }
    }

    @Test func timesWithoutEndOverflowNothing() {
        let long = Outage.Cycle(up: .seconds(Int64.max / 1000), down: .seconds(Int64.max / 1000))
        #expect(!long.isDown(after: .seconds(1)))
        #expect(long.nextEdge(after: .seconds(1)) == .seconds(Int64.max / 1000))
    }
}
