import Faults
import Proxy
import Testing
import Wire

/// Windows that open when another has struck.
struct TriggerTests {
    /// Two links to one server; `first` strikes on `a`.
    private func linked(
        _ body: (TestLinks, _ a: (Peer, Peer), _ b: (Peer, Peer)) async throws -> Void
    ) async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp("a", to: upstream.address), .tcp("b", to: upstream.address)) { links in
            let a = (try await links.connect("a"), try await upstream.accept())
            let b = (try await links.connect("b"), try await upstream.accept())
            try await body(links, a, b)
        }
    }

    private func slow(_ id: Int, on link: String) throws -> Window {
        try .inject("latency", ["delay": "1us"], id: id, on: link)
    }

    @Test func theVeryNextMessageOfAnotherLinkMeetsIt() async throws {
        try await linked { links, a, b in
            let reset = try Window.inject("reset", id: 2, on: "b")
            try await links.apply(
                slow(1, on: "a"),
                Window(id: 2, link: "b", fault: reset.fault, opening: .after(window: 1, strikes: 2)))
            try await b.0.send("x")
            #expect(try await b.1.receiveText(1) == "x")
            #expect(try await links.links.progress()[2] == .init())
            for _ in 0..<2 {
                try await a.0.send("y")
                #expect(try await a.1.receiveText(1) == "y")
            }
            let progress = try #require(try await links.links.progress()[2])
            #expect(progress.opened != nil && progress.closed == nil)
            try await b.0.send("z")
            #expect(await b.0.ending() == .reset)
            #expect(await b.1.ending() == .reset)
        }
    }

    @Test func itEndsSoLongAfterItsOpening() async throws {
        try await linked { links, a, b in
            let blackhole = try Window.inject("blackhole", id: 2, on: "b")
            try await links.apply(
                slow(1, on: "a"),
                Window(
                    id: 2, link: "b", fault: blackhole.fault, opening: .after(window: 1, strikes: 1),
                    closing: .lasting(.milliseconds(200))))
            try await a.0.send("y")
            #expect(try await a.1.receiveText(1) == "y")
            try await b.0.send("held")
            #expect(try await b.1.receiveText(4) == "held", "it heals itself")
            let progress = try #require(try await links.links.progress()[2])
            let opened = try #require(progress.opened)
            #expect(progress.closed == opened + .milliseconds(200))
            #expect(progress.struck == 1)
        }
    }

    @Test func aLinkRefusesBecauseAnotherWasStruck() async throws {
        try await linked { links, a, _ in
            let refuse = try Window.inject("refuse", id: 2, on: "b")
            try await links.apply(
                slow(1, on: "a"),
                Window(id: 2, link: "b", fault: refuse.fault, opening: .after(window: 1, strikes: 1)))
            try await a.0.send("y")
            #expect(try await a.1.receiveText(1) == "y")
            #expect(try await Curl(links.address("b"), "/").code == 7)
            #expect(try await links.links.progress()[2]?.struck == 1)
        }
    }

    /// Refusing strikes when it begins, so it may set off others at once.
    @Test func aRefusalSetsOffAnother() async throws {
        try await linked { links, a, _ in
            let reset = try Window.inject("reset", id: 2, on: "a")
            try await links.apply(
                .inject("refuse", id: 1, on: "b"),
                Window(id: 2, link: "a", fault: reset.fault, opening: .after(window: 1, strikes: 1)))
            try await a.0.send("y")
            #expect(await a.0.ending() == .reset)
        }
    }

    @Test func aNewPlanKnowsOfFormerStrikes() async throws {
        try await linked { links, a, b in
            try await links.apply(slow(1, on: "a"))
            try await a.0.send("y")
            #expect(try await a.1.receiveText(1) == "y")
            let reset = try Window.inject("reset", id: 2, on: "b")
            try await links.apply(
                slow(1, on: "a"),
                Window(id: 2, link: "b", fault: reset.fault, opening: .after(window: 1, strikes: 1)))
            try await b.0.send("z")
            #expect(await b.0.ending() == .reset)
        }
    }

    @Test func theHistorysTimeGoesOn() async throws {
        try await linked { links, a, _ in
            let before = try await links.links.now()
            try await a.0.send("y")
            #expect(try await a.1.receiveText(1) == "y")
            let after = try await links.links.apply(Plan())
            let message = try #require(try await links.messages().first)
            #expect(before <= message.time && message.time <= message.end && message.end <= after)
        }
    }
}
