import Control
import Faults
import Testing

/// Who has links to itself, and what others do to them. Pure.
@Suite struct AttachmentTests {
    private func set() throws -> LiveSet {
        var set = LiveSet(seed: 1)
        for name in ["a", "b", "c"] { try set.add(.test(name)) }
        return set
    }

    private func window(_ kind: String, id: Int, on link: String = "a", after awaited: Int? = nil) -> Window {
        let draft = FaultDraft.test(kind, on: link).window!
        let opening: Window.Opening = awaited.map { .after(window: $0, strikes: 2) } ?? .at(.zero)
        return Window(id: id, link: link, selector: draft.selector, fault: draft.fault, opening: opening)
    }

    @Test func twoRunsCannotHaveOneLink() throws {
        var set = try set()
        _ = try set.attach("one", to: ["a", "b"], for: .seconds(10), at: .zero)
        #expect(throws: LiveError.attached(link: "b", owner: "one")) {
            try set.attach("two", to: ["c", "b"], for: .seconds(10), at: .zero)
        }
        #expect(throws: LiveError.leaseExists("one")) {
            try set.attach("one", to: ["c"], for: .seconds(10), at: .zero)
        }
        _ = try set.attach("two", to: ["c"], for: .seconds(10), at: .zero)
        #expect(set.leases.map(\.owner) == ["one", "two"])
    }

    @Test func aLinkThatIsNotQuietIsNotGiven() throws {
        var set = try set()
        try set.add(.test("reset", name: "mine"), at: .zero)
        #expect(throws: LiveError.notQuiet(link: "a", fault: "1 (mine)")) {
            try set.attach("one", to: ["b", "a"], for: .seconds(10), at: .zero)
        }
        #expect(throws: LiveError.noLink("d")) { try set.attach("one", to: ["d"], for: .seconds(10), at: .zero) }
        try set.replace(.test("b", isEnabled: false))
        #expect(throws: LiveError.disabled("b")) { try set.attach("one", to: ["b"], for: .seconds(10), at: .zero) }
        #expect(set.leases.isEmpty && set.attachments.isEmpty)
    }

    @Test func aPlanHasNumbersOfItsOwnAndGoesOnCounting() throws {
        var set = try set()
        try set.add(.test("reset", on: "c"), at: .zero)
        _ = try set.attach("one", to: ["a", "b"], for: .seconds(10), at: .zero)
        let windows = [window("reset", id: 1), window("blackhole", id: 4, on: "b", after: 1)]
        #expect(try set.replacePlan(of: "one", by: windows, seed: 9, at: .zero) == [2: 1, 3: 4])
        let plan = set.plan(at: .zero).windows
        #expect(plan.map(\.id) == [1, 2, 3])
        #expect(plan[2].opening == .after(window: 2, strikes: 2))
        #expect(plan[1].draws == Window.Draws(seed: 9, id: 1) && plan[2].draws == Window.Draws(seed: 9, id: 4))
        // The first strikes the same as before, the other something else.
        let next = [window("reset", id: 1), window("reset", id: 4, on: "b")]
        #expect(try set.replacePlan(of: "one", by: next, seed: 9, at: .seconds(1)) == [2: 1, 4: 4])
        #expect(try set.replacePlan(of: "one", by: [], seed: 9, at: .seconds(1)) == [:])
        #expect(set.faults.map(\.number) == [1])
        #expect(set.attachments[0].disturbances == [])
    }

    @Test func whatOthersDoIsNoted() throws {
        var set = try set()
        _ = try set.attach("one", to: ["a", "b"], for: .seconds(10), at: .zero)
        _ = try set.replacePlan(of: "one", by: [window("reset", id: 7)], seed: 1, at: .zero)
        // None of the run's.
        try set.add(.test("reset", on: "c"), at: .zero)
        try set.removeLink("c")
        set.lookAtAttachments()
        #expect(set.attachments[0].disturbances == [])
        try set.add(.test("latency", ["delay": "1s"], name: "mine"), at: .zero)
        set.lookAtAttachments()
        set.removeFaults { $0.number == 1 }
        try set.replace(.test("b", isEnabled: false))
        set.lookAtAttachments()
        try set.removeLink("b")
        set.lookAtAttachments()
        set.lookAtAttachments()
        #expect(
            set.attachments[0].disturbances == [
                "somebody has injected a fault on the link 'a': 3 (mine)",
                "somebody has disabled the link 'b'",
                "somebody has healed the run's fault 7, which was number 1",
                "somebody has deleted the link 'b'",
            ])
    }

    @Test func itEndsWithItsLease() throws {
        var set = try set()
        _ = try set.attach("one", to: ["a"], for: .seconds(10), at: .zero)
        _ = try set.replacePlan(of: "one", by: [window("reset", id: 1)], seed: 1, at: .zero)
        _ = try set.take("one", for: .seconds(10), at: .seconds(5))
        #expect(set.expire(at: .seconds(14)).isEmpty && set.attachments.count == 1)
        #expect(set.expire(at: .seconds(15)).map(\.number) == [1])
        #expect(set.attachments.isEmpty && set.faults.isEmpty)
        #expect(throws: LiveError.noAttachment("one")) {
            try set.replacePlan(of: "one", by: [], seed: 1, at: .seconds(16))
        }
        _ = try set.attach("one", to: ["a"], for: .seconds(10), at: .seconds(16))
        _ = try set.endLease("one")
        #expect(set.attachments.isEmpty)
    }
}
