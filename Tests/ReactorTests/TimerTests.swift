import Reactor
import Testing

/// Timers fire in the order of their deadlines, whatever the order in which they were set.
struct TimerTests {
    /// Sets timers, all so many microseconds from one moment, and returns the tags in the order in which they fired.
    private func order(_ delays: [Int64]) async throws -> [Int] {
        let log = Log<Int>()
        let thread = try Bench.thread()
        thread.post { bench in
            let start = Nanoseconds.now()
            for (index, delay) in delays.enumerated() {
                let source = Numbered(index, log)
                bench.loop.adopt(source)
                bench.loop.setTimer(start + Nanoseconds(delay * 1000), source: source, tag: 3)
            }
        }
        let fired = await log.first(delays.count)
        await thread.stop { _ in }
        return fired
    }

    private final class Numbered: EventSource {
        let number: Int
        let log: Log<Int>

        init(_ number: Int, _ log: Log<Int>) {
            self.number = number
            self.log = log
        }

        override func timerFired(tag: Int) { if tag == 3 { log.append(number) } }
    }

    @Test func byDeadline() async throws {
        #expect(try await order([3_000, 1_000, 2_000]) == [1, 2, 0])
    }

    @Test func equalDeadlinesInTheOrderOfSetting() async throws {
        #expect(try await order([1_000, 500, 1_000, 500, 1_000]) == [1, 3, 0, 2, 4])
    }

    @Test func thoseOfThePastAtOnceAndInOrder() async throws {
        #expect(try await order([5_000, -1_000, -2_000]) == [2, 1, 0])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func manyAtRandom(seed: UInt64) async throws {
        var state = seed
        let delays = (0..<500).map { _ -> Int64 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 33) % 64 * 100
        }
        let expected = delays.indices.sorted { (delays[$0], $0) < (delays[$1], $1) }
        #expect(try await order(delays) == expected)
    }

    @Test func aTimerNeverFiresBeforeItsTime() async throws {
        let log = Log<Int64>()
        let thread = try Bench.thread()
        thread.post { bench in
            for delay in 1...50 as ClosedRange<Int64> {
                let due = Nanoseconds.now() + Nanoseconds(delay * 40_000)
                let source = Early(due, log)
                bench.loop.adopt(source)
                bench.loop.setTimer(due, source: source, tag: 0)
            }
        }
        #expect(await log.first(50).allSatisfy { $0 >= 0 })
        await thread.stop { _ in }
    }

    private final class Early: EventSource {
        let due: Nanoseconds
        let log: Log<Int64>

        init(_ due: Nanoseconds, _ log: Log<Int64>) {
            self.due = due
            self.log = log
        }

        override func timerFired(tag: Int) { log.append((Nanoseconds.now() - due).rawValue) }
    }

    @Test func durationsBecomeNanoseconds() {
        #expect(Nanoseconds(.milliseconds(1_500)).rawValue == 1_500_000_000)
        #expect(Nanoseconds(.nanoseconds(-7)).rawValue == -7)
        #expect(Nanoseconds(.seconds(3_600)).rawValue == 3_600_000_000_000)
        #expect(Nanoseconds(5) - Nanoseconds(7) == Nanoseconds(-2))
        #expect(Nanoseconds.zero < Nanoseconds.never)
    }
}
