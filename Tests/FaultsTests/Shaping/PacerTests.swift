import Faults
import Testing

/// A pacer on a clock of its own, woken late as timers are.
struct PacerTests {
    private static let rates = [1, 10, 499, 1_000, 65_536, 1_000_003, 12_500_000, 1_250_000_000]
    private static let millisecond: Int64 = 1_000_000
    private static let second: Int64 = 1_000_000_000

    private struct Step {
        var at: Int64
        var bytes: Int
    }

    /// Lets endless bytes pass until a time; each wake-up is late by what `lateness` says.
    private func flood(
        _ pacer: inout Pacer, from start: Int64 = 0, until end: Int64, lateness: () -> Int64
    ) -> [Step] {
        var steps: [Step] = []
        var now = start
        while now <= end {
            let grant = pacer.take(1 << 40, now: now)
            if grant.bytes > 0 { steps.append(Step(at: now, bytes: grant.bytes)) }
            #expect(grant.next > now, "it would be asked again and again at one time")
            now = grant.next + lateness()
        }
        return steps
    }

    private func total(_ steps: [Step]) -> Int { steps.reduce(0) { $0 + $1.bytes } }

    @Test(arguments: rates) func theMeanIsTheRate(rate: Int) {
        var pacer = Pacer(bytesPerSecond: rate)
        let steps = flood(&pacer, until: 5 * Self.second) { 0 }
        // One piece comes at once.
        #expect(abs(total(steps) - 5 * rate) <= max(rate / 200, 1) + 1)
    }

    @Test(arguments: rates, [1, 4, 9] as [Int64]) func lateTimersDoNotLowerTheMean(rate: Int, latest: Int64) {
        var random = SeededRandom(seed: UInt64(rate) &+ UInt64(latest))
        var pacer = Pacer(bytesPerSecond: rate)
        let steps = flood(&pacer, until: 20 * Self.second) {
            Int64(random.unit() * Double(latest) * 1e6) / (random.unit() < 0.5 ? 1 : 50)
        }
        let expected = 20 * rate
        // What the last wake-up has yet to let pass, and no more, may be missing.
        #expect(total(steps) <= expected + max(rate / 200, 1))
        #expect(total(steps) >= expected - max(rate * (Int(latest) + 30) / 1000, 2))
    }

    @Test(arguments: rates) func neverMoreThanTenMillisecondsOfTheRateAtOnce(rate: Int) {
        var random = SeededRandom(seed: 4)
        var pacer = Pacer(bytesPerSecond: rate)
        let steps = flood(&pacer, until: 10 * Self.second) {
            random.unit() < 0.05 ? 80 * Self.millisecond : Int64(random.unit() * 2e6)
        }
        #expect(steps.allSatisfy { $0.bytes <= max(rate / 100, 1) })
    }

    /// What is owed after a hold-up is paid with a quarter over the rate and not in a burst.
    @Test func aHoldUpIsCaughtUpGently() {
        let rate = 1_000_000
        var pacer = Pacer(bytesPerSecond: rate)
        _ = flood(&pacer, until: Self.second) { 0 }
        let steps = flood(&pacer, from: Self.second + 100 * Self.millisecond, until: 3 * Self.second) { 0 }
        #expect(abs(total(steps) - 2 * rate) <= rate / 100)
        for first in steps.indices {
            var sum = 0
            for step in steps[first...] where step.at < steps[first].at + 40 * Self.millisecond { sum += step.bytes }
            #expect(sum <= rate / 1000 * 40 * 5 / 4 + rate / 100)
        }
    }

    @Test func whatALongHoldUpOwedIsForgiven() {
        let rate = 1_000_000
        var pacer = Pacer(bytesPerSecond: rate)
        _ = flood(&pacer, until: Self.second) { 0 }
        let steps = flood(&pacer, from: 61 * Self.second, until: 66 * Self.second) { 0 }
        #expect(total(steps) <= 5 * rate + rate / 4 + rate / 100)
    }

    @Test(arguments: rates) func aPauseEarnsNoMoreThanAPiece(rate: Int) {
        var pacer = Pacer(bytesPerSecond: rate)
        let piece = max(rate / 200, 1)
        for hour in 0..<5 as Range<Int64> {
            let now = hour * 3600 * Self.second
            #expect(pacer.take(piece, now: now).bytes == piece)
            let more = pacer.take(piece, now: now)
            #expect(more.bytes == 0 && more.next > now)
            #expect(pacer.take(piece, now: more.next).bytes == piece)
        }
    }

    @Test func smallMessagesPassAtOnceWhileTheRateAllowsThem() {
        var pacer = Pacer(bytesPerSecond: 100_000)
        for turn in 0..<1_000 as Range<Int64> {
            #expect(pacer.take(90, now: turn * Self.millisecond).bytes == 90)
        }
    }

    @Test func nothingPassesBeforeItsTime() {
        var pacer = Pacer(bytesPerSecond: 1_000)
        let grants = [0, 4_999_999, 5 * Self.millisecond].map { pacer.take(100, now: $0) }
        #expect(grants.map(\.bytes) == [5, 0, 5])
        #expect(grants.map(\.next) == [5 * Self.millisecond, 5 * Self.millisecond, 10 * Self.millisecond])
    }

    @Test func aSlowRateWaitsForEachByte() {
        var pacer = Pacer(bytesPerSecond: 3)
        let steps = flood(&pacer, until: 10 * Self.second) { 0 }
        #expect(steps.allSatisfy { $0.bytes == 1 })
        #expect(steps.map(\.at).prefix(4) == [0, 333_333_334, 666_666_667, 1_000_000_000])
    }

    @Test func theLargestRateAndTheLongestTimeOverflowNothing() {
        var pacer = Pacer(bytesPerSecond: .max)
        #expect(pacer.take(.max, now: 0).bytes == .max / 200)
        for time in [1, Self.second, Int64.max / 2] { #expect(pacer.take(.max, now: time).bytes >= 0) }
    }
}
