import Faults
import Testing
import Wire

/// Windows that wait for another to strike, and windows that last so long.
struct TriggeredWindowTests {
    private let request = Message(direction: .request, operation: "GetObject")

    private func windows(_ windows: Window...) -> LinkWindows {
        LinkWindows(link: "s3").replaced(by: Plan(windows: windows, seed: 1))
    }

    private func waiting(
        strikes: Int = 1, closing: Window.Closing = .withPlan, for awaited: Int = 1
    ) throws -> Window {
        Window(
            id: 2, link: "s3", fault: try Yaml.window(inject: "reset").fault,
            opening: .after(window: awaited, strikes: strikes), closing: closing)
    }

    @Test func itIsClosedUntilTheOtherHasStruckOftenEnough() throws {
        var link = windows(try waiting(strikes: 3))
        #expect(!link.hasOpenWindow(at: .seconds(100)))
        #expect(link.nextEdge(after: .zero) == nil)
        #expect(link.progress(at: .seconds(100))[2] == .init())
        for (window, count) in [(1, 2), (7, 3), (2, 3)] {
            let anyOpened = link.trigger(after: window, strikes: count, at: .seconds(1))
            #expect(!anyOpened)
        }
        #expect(!link.isOpen(2, at: .seconds(1)))
        let opens1 = link.trigger(after: 1, strikes: 3, at: .seconds(2))
        #expect(opens1)
        #expect(link.isOpen(2, at: .seconds(2)))
        let decision = link.decide(request, call: 1, at: .seconds(2))
        #expect(decision.ending == .reset(after: nil))
        #expect(link.progress(at: .seconds(3))[2] == .init(matched: 1, struck: 1, opened: .seconds(2)))
    }

    @Test func furtherStrikesChangeNothing() throws {
        var link = windows(try waiting(closing: .lasting(.seconds(5))))
        let opens2 = link.trigger(after: 1, strikes: 1, at: .seconds(1))
        #expect(opens2)
        let opens3 = link.trigger(after: 1, strikes: 2, at: .seconds(3))
        #expect(!opens3)
        #expect(link.progress(at: .seconds(9))[2] == .init(opened: .seconds(1), closed: .seconds(6)))
        let opens4 = link.trigger(after: 1, strikes: 9, at: .seconds(20))
        #expect(!opens4)
        #expect(!link.isOpen(2, at: .seconds(20)))
    }

    @Test func itLastsFromItsOpening() throws {
        var link = windows(try waiting(closing: .lasting(.seconds(5))))
        let opens5 = link.trigger(after: 1, strikes: 1, at: .seconds(10))
        #expect(opens5)
        #expect(link.nextEdge(after: .seconds(10)) == .seconds(15))
        #expect([10, 14, 15].map { link.isOpen(2, at: .seconds($0)) } == [true, true, false])
        #expect(link.progress(at: .seconds(14))[2]?.closed == nil)
        #expect(link.progress(at: .seconds(15))[2]?.closed == .seconds(15))
    }

    /// Its connections are asked about when their loop comes to it; the very next message does not wait for that.
    @Test func aWindowOfConnectionsStrikesTheVeryNextMessage() throws {
        let window = Window(
            id: 2, link: "s3", selector: Selector(nth: 1, per: .connection),
            fault: try Yaml.window(inject: "reset").fault, opening: .after(window: 1, strikes: 1))
        var link = windows(window)
        let early = link.decide(request, call: 1, connection: 7, at: .zero)
        #expect(early.isUntouched)
        _ = link.trigger(after: 1, strikes: 1, at: .seconds(1))
        let next = [7, 8, 7].map { link.decide(request, call: 1, connection: $0, at: .seconds(1)).isFinal }
        #expect(next == [true, false, true])
        // It is not asked about again, and counted once.
        let asked = link.admit(ConnectionInSight(number: 7, open: 1, isNew: false), at: .seconds(1))
        #expect(asked.isEmpty)
        #expect(link.progress(at: .seconds(1))[2]?.matched == 2)
    }

    @Test func lastingCountsFromATimeToo() throws {
        let window = Window(
            id: 1, link: "s3", fault: try Yaml.window(inject: "reset").fault, opening: .at(.seconds(2)),
            closing: .lasting(.seconds(3)))
        let link = windows(window)
        #expect([1, 2, 4, 5].map { link.isOpen(1, at: .seconds($0)) } == [false, true, true, false])
        #expect(link.progress(at: .seconds(1))[1] == .init())
        #expect(link.progress(at: .seconds(9))[1] == .init(opened: .seconds(2), closed: .seconds(5)))
    }

    @Test func itStaysOpenFromPlanToPlanAsLongAsItWould() throws {
        let window = try waiting(closing: .lasting(.seconds(5)))
        var link = windows(window)
        _ = link.trigger(after: 1, strikes: 1, at: .seconds(2))
        link = link.replaced(by: Plan(windows: [window], seed: 1), at: .seconds(4))
        #expect([0, 2, 3].map { link.isOpen(2, at: .seconds($0)) } == [true, true, false])
    }

    // MARK: Listeners

    @Test func aRefusalTouchesNoMessage() throws {
        var link = windows(Window(id: 1, link: "s3", fault: try Yaml.window(inject: "refuse").fault))
        #expect(!link.hasOpenWindow(at: .zero))
        #expect(!link.mayStrike(request, at: .zero))
        let refused = link.decide(request, call: 1, at: .zero)
        #expect(refused.isUntouched)
        #expect(link.refusing(at: .zero).map(\.window) == [1])
        link.strikeListeners(4, window: 1)
        #expect(link.strikes(of: 1) == 4)
    }

    @Test func refusingFollowsItsWindow() throws {
        let refuse = try Yaml.window(inject: "refuse").fault
        let link = windows(
            Window(id: 1, link: "s3", fault: refuse, opening: .at(.seconds(1)), closing: .at(.seconds(3))),
            Window(id: 2, link: "s3", fault: refuse, opening: .at(.seconds(2))))
        #expect([0, 1, 2, 3].map { link.refusing(at: .seconds($0)).map(\.window) } == [[], [1], [1, 2], [2]])
    }

    // MARK: first-per-call

    @Test func theFirstAttemptsOfEachCall() throws {
        let reset = try Yaml.window(inject: "reset").fault
        var link = windows(
            Window(id: 1, link: "s3", selector: Selector(direction: .request, firstPerCall: 2), fault: reset))
        let calls: [UInt64] = [1, 1, 2, 1, 3, 2, 2, 3, 3]
        let struck = calls.map { !link.decide(request, call: $0, at: .zero).isUntouched }
        #expect(struck == [true, true, true, false, true, true, false, true, false])
        #expect(link.progress(at: .zero)[1] == .init(matched: 9, struck: 6, opened: .zero))
    }

    @Test func anAnswerBelongsToItsRequestsAttempt() throws {
        let blackhole = try Yaml.window(inject: "blackhole").fault
        var link = windows(Window(id: 1, link: "s3", selector: Selector(firstPerCall: 1), fault: blackhole))
        let answer = Message(direction: .response, operation: "GetObject", status: 200)
        let struck = [request, answer, request, answer].map { !link.decide($0, call: 1, at: .zero).isUntouched }
        #expect(struck == [true, true, false, false])
    }

    @Test func attemptsAreCountedFromPlanToPlan() throws {
        let reset = try Yaml.window(inject: "reset").fault
        let window = Window(
            id: 1, link: "s3", selector: Selector(direction: .request, firstPerCall: 1), fault: reset)
        var link = windows(window)
        let first = link.decide(request, call: 1, at: .zero)
        #expect(!first.isUntouched)
        link = link.replaced(by: Plan(windows: [window], seed: 1))
        let second = link.decide(request, call: 1, at: .zero)
        #expect(second.isUntouched)
    }
}
