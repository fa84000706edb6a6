import Faults
import Testing
import Wire

/// Windows as a link asks them: how often they strike, when, and that a seed alone decides about chance.
struct LinkWindowsTests {
    private let request = Message(direction: .request, operation: "GetObject")

    private func reset(
        _ id: Int = 1, link: String = "s3", _ selector: Selector = Selector(), from: Duration = .zero,
        until: Duration? = nil
    ) throws -> Window {
        Window(
            id: id, link: link, selector: selector, fault: try Yaml.window(inject: "reset").fault, opening: .at(from),
            closing: until.map { .at($0) } ?? .withPlan)
    }

    private func windows(_ windows: Window..., seed: UInt64 = 1) -> LinkWindows {
        LinkWindows(link: "s3").replaced(by: Plan(windows: windows, seed: seed))
    }

    /// Which of so many messages, counting from 1, the windows strike.
    private func strikes(_ windows: inout LinkWindows, of count: Int, at elapsed: Duration = .zero) -> [Int] {
        (1...count).filter { _ in !windows.decide(request, call: 1, at: elapsed).isUntouched }
    }

    // MARK: How often

    @Test func always() throws {
        var link = windows(try reset())
        #expect(strikes(&link, of: 4) == [1, 2, 3, 4])
    }

    @Test func theNthAlone() throws {
        var link = windows(try reset(1, Selector(nth: 3)))
        #expect(strikes(&link, of: 6) == [3])
        #expect(link.progress(at: .zero)[1]?.matched == 6)
        #expect(link.progress(at: .zero)[1]?.struck == 1)
    }

    @Test func theFirstOnes() throws {
        var link = windows(try reset(1, Selector(first: 2)))
        #expect(strikes(&link, of: 5) == [1, 2])
        #expect(link.progress(at: .zero)[1]?.struck == 2)
    }

    @Test func onlyWhatMatchesIsCounted() throws {
        var link = windows(try reset(1, Selector(operation: Glob("Put*"), nth: 2)))
        let put = Message(direction: .request, operation: "PutObject")
        let outcomes = [put, request, request, put, put].map { !link.decide($0, call: 1, at: .zero).isUntouched }
        #expect(outcomes == [false, false, false, true, false])
    }

    @Test func aWindowOfAnotherLinkIsNotAsked() throws {
        var link = windows(try reset(1, link: "qdrant"))
        #expect(link.windows.isEmpty)
        #expect(strikes(&link, of: 3).isEmpty)
        #expect(link.progress(at: .zero).isEmpty)
    }

    // MARK: Chance

    @Test(arguments: [(0.0, 0...0), (1.0, 1_000...1_000), (0.3, 240...360)]) func probability(
        chance: Double, expected: ClosedRange<Int>
    ) throws {
        var link = windows(try reset(1, Selector(probability: chance)))
        let struck = (0..<1_000).filter { !link.decide(request, call: $0, at: .zero).isUntouched }
        #expect(expected.contains(struck.count))
    }

    /// Every call is tried a few times; what each try meets must not depend on what other calls did in between.
    @Test func chanceIsTheSameWhateverTheInterleaving() throws {
        let calls = (0..<40).map { UInt64($0) &* 0x9E37_79B9 }
        let tries = calls.flatMap { Array(repeating: $0, count: 5) }
        let inOrder = try outcomes(of: tries)
        #expect(try outcomes(of: tries.reversed()) == inOrder)
        var random = SeededRandom(seed: 99)
        for _ in 0..<5 { #expect(try outcomes(of: tries.shuffled(using: &random)) == inOrder) }
        #expect(Set(inOrder.values.map { "\($0)" }).count > 5, "the tries of a call must not all meet the same")
    }

    @Test func anotherSeedDecidesOtherwise() throws {
        let calls = (0..<100).map { UInt64($0) }
        #expect(try outcomes(of: calls, seed: 1) == outcomes(of: calls, seed: 1))
        #expect(try outcomes(of: calls, seed: 1) != outcomes(of: calls, seed: 2))
    }

    @Test func twoWindowsDoNotDecideAlike() throws {
        let half = Selector(probability: 0.5)
        var first = windows(try reset(1, half))
        var second = windows(try reset(2, half))
        let pairs = (0..<100).map {
            (first.decide(request, call: $0, at: .zero), second.decide(request, call: $0, at: .zero))
        }
        #expect(pairs.contains { $0.0.isUntouched != $0.1.isUntouched })
    }

    /// For each call, whether its tries were struck, in their order.
    private func outcomes(of calls: [UInt64], seed: UInt64 = 42) throws -> [UInt64: [Bool]] {
        var link = windows(try reset(1, Selector(probability: 0.5)), seed: seed)
        var found: [UInt64: [Bool]] = [:]
        for call in calls { found[call, default: []].append(!link.decide(request, call: call, at: .zero).isUntouched) }
        return found
    }

    // MARK: When

    @Test func aWindowOpensAtItsFirstMomentAndClosesAtItsLast() throws {
        let link = windows(try reset(1, from: .seconds(1), until: .seconds(3)))
        let moments: [Duration] = [
            .zero, .nanoseconds(999_999_999), .seconds(1), .nanoseconds(2_999_999_999), .seconds(3),
        ]
        #expect(moments.map { link.isOpen(1, at: $0) } == [false, false, true, true, false])
        #expect(moments.map { link.hasOpenWindow(at: $0) } == [false, false, true, true, false])
        for moment in moments {
            var copy = link
            #expect(strikes(&copy, of: 1, at: moment).isEmpty == !link.isOpen(1, at: moment))
        }
        #expect(!link.isOpen(2, at: .seconds(2)))
    }

    @Test func messagesOutsideAWindowAreNotCounted() throws {
        var link = windows(try reset(1, Selector(nth: 1), from: .seconds(1)))
        #expect(strikes(&link, of: 3, at: .zero).isEmpty)
        #expect(strikes(&link, of: 3, at: .seconds(1)) == [1])
    }

    @Test func edges() throws {
        let link = windows(
            try reset(1, from: .seconds(1), until: .seconds(3)), try reset(2, from: .seconds(2)), try reset(3))
        #expect(link.nextEdge(after: .zero) == .seconds(1))
        #expect(link.nextEdge(after: .seconds(1)) == .seconds(2))
        #expect(link.nextEdge(after: .milliseconds(2_500)) == .seconds(3))
        #expect(link.nextEdge(after: .seconds(3)) == nil)
    }

    // MARK: From plan to plan

    @Test func aWindowThatStandsInTheNextPlanGoesOnCounting() throws {
        let third = Selector(nth: 3)
        var link = windows(try reset(1, third))
        #expect(strikes(&link, of: 2).isEmpty)
        link = link.replaced(by: Plan(windows: [try reset(2, Selector(nth: 9)), try reset(1, third)], seed: 1))
        #expect(link.progress(at: .zero)[1]?.matched == 2)
        #expect(link.progress(at: .zero)[2]?.matched == 0)
        #expect(strikes(&link, of: 3) == [1])
    }

    @Test func aWindowThatWasTakenAwayBeginsAnew() throws {
        var link = windows(try reset(1, Selector(first: 1)))
        #expect(strikes(&link, of: 2) == [1])
        link = link.replaced(by: Plan(windows: [], seed: 1))
        #expect(link.windows.isEmpty)
        link = link.replaced(by: Plan(windows: [try reset(1, Selector(first: 1))], seed: 1))
        #expect(strikes(&link, of: 2) == [1])
    }

    @Test func chanceGoesOnWithItsStreamAcrossPlans() throws {
        let half = Selector(probability: 0.5)
        var unbroken = windows(try reset(1, half))
        var broken = unbroken
        let expected = (0..<64).map { _ in unbroken.decide(request, call: 5, at: .zero).isUntouched }
        var found = (0..<32).map { _ in broken.decide(request, call: 5, at: .zero).isUntouched }
        broken = broken.replaced(by: Plan(windows: [try reset(1, half), try reset(2, Selector(nth: 100))], seed: 1))
        found += (0..<32).map { _ in broken.decide(request, call: 5, at: .zero).isUntouched }
        #expect(found == expected)
    }
}
