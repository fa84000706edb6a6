import Faults
import Testing
import Wire

/// Faults of bytes that messages are asked about.
struct ByteFaultTests {
    private let request = Message(direction: .request, operation: "bytes")
    private let answer = Message(direction: .response, operation: "bytes")

    // MARK: latency

    @Test func latency() throws {
        let window = try Yaml.window(inject: "latency", ["delay": "200ms"])
        #expect(Asking.decision(window, on: request).delay == .milliseconds(200))
        #expect(Asking.decision(window, on: request).ending == .forward)
        #expect(Asking.decision(window, on: answer).isUntouched)
    }

    @Test(arguments: [[:], ["distribution": "uniform"]]) func evenJitterStaysWithinItsBoundsAndUsesThem(
        more: [String: String]
    ) throws {
        var options = [("delay", "200ms"), ("jitter", "50ms")]
        options += more.map { ($0.key, $0.value) }
        let delays = try delays(of: options)
        #expect(delays.allSatisfy { (.milliseconds(150) ... .milliseconds(250)).contains($0) })
        #expect(delays.contains { $0 < .milliseconds(155) } && delays.contains { $0 > .milliseconds(245) })
        #expect(Set(delays).count > 1_900)
    }

    @Test func normalJitterIsOfItsMeanAndDeviation() throws {
        let delays = try delays(of: [("delay", "200ms"), ("jitter", "50ms"), ("distribution", "normal")])
            .map { $0 / .milliseconds(1) }
        let mean = delays.reduce(0, +) / Double(delays.count)
        let variance = delays.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(delays.count)
        #expect((197.0...203).contains(mean))
        #expect((47.0...53).contains(variance.squareRoot()))
        // 68 of 100 within one deviation, and some beyond two: evenly spread ones would do neither.
        #expect((0.65...0.71).contains(Double(delays.count { abs($0 - 200) < 50 }) / Double(delays.count)))
        #expect(delays.contains { abs($0 - 200) > 120 })
    }

    @Test func noNormalDelayIsBelowZero() throws {
        let delays = try delays(of: [("delay", "10ms"), ("jitter", "10ms"), ("distribution", "normal")])
        #expect(delays.allSatisfy { $0 >= .zero })
        #expect((200...450).contains(delays.count { $0 == .zero }), "16 of 100 would be below zero")
    }

    /// Of two thousand calls.
    private func delays(of options: [(String, String)]) throws -> [Duration] {
        let window = try Yaml.window(inject: "latency", options: options)
        return (0..<2_000).map { Asking.decision(window, on: request, call: $0).delay }
    }

    // MARK: Shapes

    @Test func bandwidth() throws {
        let window = try Yaml.window(inject: "bandwidth", ["rate": "64KiB/s"])
        for message in [request, answer] {
            let decision = Asking.decision(window, on: message)
            #expect(decision.shape.paces.map(\.bytesPerSecond) == [65_536])
            #expect(decision.ending == .forward)
            #expect(decision.struckBy.isEmpty, "it has struck when bytes had to wait, which nobody knows yet")
            #expect(!decision.isUntouched)
        }
    }

    @Test func slice() throws {
        let window = try Yaml.window(inject: "slice", ["size": "64B", "variation": "16B", "gap": "1ms"])
        let slicing = Slicing(size: 64, variation: 16, gap: .milliseconds(1))
        for message in [request, answer] {
            let decision = Asking.decision(window, on: message)
            #expect(decision.shape.slices.map(\.slicing) == [slicing])
            #expect(decision.struckBy.isEmpty)
        }
        let plain = try Yaml.window(inject: "slice", ["size": "1B"])
        #expect(Asking.decision(plain, on: answer).shape.slices.map(\.slicing) == [Slicing(size: 1)])
    }

    @Test(arguments: [("0.1%", 0.001), ("0.5", 0.5), ("100%", 1)]) func corrupt(rate: String, share: Double) throws {
        let window = try Yaml.window(inject: "corrupt", ["rate": rate])
        for message in [request, answer] {
            let decision = Asking.decision(window, on: message)
            #expect(decision.shape.corruptions.map(\.share) == [share])
            #expect(decision.struckBy.isEmpty)
        }
    }

    /// Each keeps its window's place, so that each is counted for itself.
    @Test func severalShapesStandTogether() throws {
        let faults = [
            try Yaml.window(inject: "bandwidth", ["rate": "1KB/s"]), try Yaml.window(inject: "corrupt", ["rate": "1%"]),
            try Yaml.window(inject: "bandwidth", ["rate": "2KB/s"]), try Yaml.window(inject: "slice", ["size": "9B"]),
            try Yaml.window(inject: "latency", ["delay": "1s"]),
        ].enumerated().map { Window(id: $0.offset + 1, link: "s3", fault: $0.element.fault) }
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: faults, seed: 1))
        let decision = link.decide(request, call: 1, at: .zero)
        #expect(decision.shape.paces.map(\.window) == [1, 3])
        #expect(decision.shape.corruptions.map(\.window) == [2])
        #expect(decision.shape.slices.map(\.window) == [4])
        #expect(decision.delay == .seconds(1))
        #expect(decision.struckBy == [5])
    }
}
