import Control
import Faults
import Proxy
import Testing
import Wire

/// What stands and what heals when, without a socket or a clock.
@Suite struct LiveSetTests {
    private func set(_ names: String...) throws -> LiveSet {
        var set = LiveSet(seed: 7)
        for name in names { try set.add(.test(name)) }
        return set
    }

    @Test func faultsHaveNumbersThatAreNeverGivenAgain() throws {
        var set = try set("a")
        let first = try set.add(.test("reset", on: "a", name: "x"), at: .zero)
        set.removeFaults { $0.number == first.number }
        let second = try set.add(.test("reset", on: "a", name: "x"), at: .zero)
        #expect([first.number, second.number] == [1, 2])
        #expect(set.plan(at: .zero).windows.map(\.id) == [2])
        #expect(set.plan(at: .zero).seed == 7)
    }

    @Test func aChangedFaultKeepsItsNumberAndItsPlace() throws {
        var set = try set("a")
        for kind in ["reset", "close", "half-close"] { try set.add(.test(kind, on: "a"), at: .zero) }
        try set.change(2, to: .test("latency", ["delay": "1s"], on: "a"), at: .seconds(1))
        #expect(
            set.plan(at: .seconds(1)).windows.map { type(of: $0.fault).kind } == ["reset", "latency", "half-close"])
        #expect(throws: LiveError.noFault("9")) { try set.change(9, to: .test("reset", on: "a"), at: .zero) }
        #expect(throws: LiveError.noLink("z")) { try set.change(1, to: .test("reset", on: "z"), at: .zero) }
        #expect(set.faults.map(\.number) == [1, 2, 3], "a change that is refused changes nothing")
    }

    @Test func windowsThatWaitForOneAnotherStillDoUnderNewNumbers() throws {
        var set = try set("a")
        try set.add(.test("reset", on: "a"), at: .zero)
        var late = FaultDraft.test("reset", on: "a")
        late.window = Window(
            id: 2, link: "a", fault: try #require(late.window).fault, opening: .after(window: 1, strikes: 3))
        try set.add([.test("watch", on: "a", over: .http), late], at: .zero)
        let windows = set.plan(at: .seconds(5)).windows
        #expect(windows.map(\.id) == [1, 2, 3])
        #expect(windows[2].opening == .after(window: 2, strikes: 3))
    }

    @Test func timesOfAWindowCountFromWhenItsFaultWasAdded() throws {
        var set = try set("a")
        var draft = FaultDraft.test("reset", on: "a")
        draft.window = Window(
            id: 1, link: "a", fault: try #require(draft.window).fault, opening: .at(.seconds(2)),
            closing: .at(.seconds(8)))
        try set.add(draft, at: .seconds(10))
        #expect(set.plan(at: .seconds(10)).windows[0].opening == .at(.seconds(2)))
        #expect(set.plan(at: .seconds(13)).windows[0].opening == .at(.seconds(-1)))
        #expect(set.plan(at: .seconds(13)).windows[0].closing == .at(.seconds(5)))
    }

    @Test func aFaultWithATimeHealsAndTellsTheLinksWhen() throws {
        var set = try set("a")
        try set.add(.test("reset", on: "a", lasting: .seconds(30)), at: .seconds(5))
        #expect(set.nextExpiry == .seconds(35))
        #expect(set.plan(at: .seconds(15)).windows[0].closing == .at(.seconds(20)))
        #expect(set.expire(at: .seconds(34)).isEmpty)
        #expect(set.expire(at: .seconds(35)).map(\.number) == [1])
        #expect(set.faults.isEmpty && set.links.count == 1, "the link stays up")
    }

    @Test func faultsUnderALeaseStayAsLongAsItIsRenewed() throws {
        var set = try set("a")
        #expect(throws: LiveError.noLease("me")) { try set.add(.test("reset", on: "a", lease: "me"), at: .zero) }
        _ = try set.take("me", for: .seconds(10), at: .zero)
        _ = try set.take("other", for: .seconds(10), at: .zero)
        for owner in ["me", "me", "other"] { try set.add(.test("reset", on: "a", lease: owner), at: .zero) }
        _ = try set.take("me", for: .seconds(10), at: .seconds(8))
        #expect(set.expire(at: .seconds(12)).map(\.number) == [3])
        #expect(set.leases.map(\.owner) == ["me"])
        #expect(set.plan(at: .seconds(12)).windows[0].closing == .at(.seconds(6)))
        #expect(set.expire(at: .seconds(18)).map(\.number) == [1, 2])
        #expect(set.nextExpiry == nil)
    }

    @Test func endingALeaseHealsWhatIsUnderIt() throws {
        var set = try set("a")
        _ = try set.take("me", for: .seconds(10), at: .zero)
        try set.add(.test("reset", on: "a", lease: "me"), at: .zero)
        try set.add(.test("reset", on: "a"), at: .zero)
        #expect(try set.endLease("me").map(\.number) == [1])
        #expect(throws: LiveError.noLease("me")) { try set.endLease("me") }
        #expect(set.faults.map(\.number) == [2])
    }

    @Test func theEarlierOfLeaseAndTimeHeals() throws {
        var set = try set("a")
        _ = try set.take("me", for: .seconds(10), at: .zero)
        try set.add(.test("reset", on: "a", lasting: .seconds(3), lease: "me"), at: .zero)
        #expect(set.end(of: set.faults[0]) == .seconds(3))
    }

    @Test func faultsGoWithTheirLinkAndNamesAreUniqueOnIt() throws {
        var set = try set("a", "b")
        try set.add(.test("reset", on: "a", name: "x"), at: .zero)
        try set.add(.test("reset", on: "b", name: "x"), at: .zero)
        #expect(throws: LiveError.faultExists("x", link: "a")) {
            try set.add(.test("close", on: "a", name: "x"), at: .zero)
        }
        #expect(throws: LiveError.linkExists("a")) { try set.add(.test("a")) }
        try set.removeLink("a")
        #expect(set.faults.map(\.number) == [2])
        #expect(throws: LiveError.noLink("a")) { try set.removeLink("a") }
    }

    @Test func thereIsAnEndToHowManyThereCanBe() throws {
        var set = try set("a")
        try set.add(Array(repeating: .test("reset", on: "a"), count: LiveSet.faultsMax), at: .zero)
        #expect(throws: LiveError.tooMany("faults", limit: LiveSet.faultsMax)) {
            try set.add(.test("reset", on: "a"), at: .zero)
        }
    }
}
