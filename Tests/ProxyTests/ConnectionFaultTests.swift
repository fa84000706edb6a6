import Faults
import Proxy
import Testing
import Wire

/// What windows do to connections as a whole.
struct ConnectionFaultTests {
    // MARK: Close and half-close

    @Test func aCloseEndsBothSidesInOrder() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("close", ["after": "4B"], when: ["direction": "request"]))
            try await client.send("some and none")
            #expect(try await server.receiveAll() == "some")
            #expect(await client.ending() == nil)
            #expect(try await links.struck() == 1)
            #expect(try await links.messages().map(\.action) == [.cut])
            #expect(try await links.messages().map(\.size) == [4])
        }
    }

    /// Closing a socket in which bytes lie unread sends RST, and what the peer had yet to read is gone.
    @Test func aCloseLosesNothingThatHasPassed() async throws {
        try await TestLinks.connected { links, client, server in
            let size = 4 * 1024 * 1024
            async let answer: Int? = Bulk.firstDifference(in: size, from: client)
            try await Bulk.send(size, through: server)
            #expect(try await answer == nil)
            try await links.apply(.inject("close", when: ["direction": "request"]))
            try await client.send([UInt8](repeating: 1, count: 300_000))
            #expect(await client.ending() == nil)
            #expect(await server.ending() == nil)
        }
    }

    @Test func aHalfCloseLeavesTheOtherDirectionOpen() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("half-close", when: ["direction": "request", "nth": "2"]))
            try await client.send("one")
            #expect(try await server.receiveText(3) == "one")
            try await client.send("two")
            #expect(try await server.receiveAll() == "")
            try await client.send("three, for nobody")
            try await server.send("answer")
            server.sendEnd()
            #expect(try await client.receiveAll() == "answer")
            client.close()
            try await links.eventually("the connection is over") { $0.connections == 0 }
            #expect(try await links.struck() == 1)
        }
    }

    // MARK: Limit

    @Test(arguments: ["limit of both", "limit of requests"])
    func aLimitEndsTheConnectionWhenItIsReached(name: String) async throws {
        try await TestLinks.connected { links, client, server in
            let when: KeyValuePairs<String, String> = name.hasSuffix("both") ? [:] : ["direction": "request"]
            try await links.apply(.inject("limit", ["bytes": "8B"], when: when))
            try await client.send("12345")
            #expect(try await server.receiveText(5) == "12345")
            #expect(try await links.struck() == 0)
            try await client.send("6789")
            #expect(try await server.receiveAll() == "678")
            #expect(await client.ending() == nil)
            #expect(try await links.struck() == 1)
            client.close()
            server.close()
            try await links.eventually("the connection is over") { $0.connections == 0 }
            let sizes = try await links.messages().map(\.size)
            #expect(sizes == [5, 3])
            #expect(try await links.events().last { $0.kind == .closed }?.window == 1)
        }
    }

    @Test func aLimitOfTheOtherDirectionDoesNotCount() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("limit", ["bytes": "2B"], when: ["direction": "response"]))
            try await client.send("12345")
            #expect(try await server.receiveText(5) == "12345")
            try await server.send("abc")
            #expect(try await client.receiveAll() == "ab")
        }
    }

    // MARK: Slow to connect, slow to close

    @Test func dialingIsLate() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            try await links.apply(.inject("slow-connect", ["delay": "1h"]))
            let client = try await links.connect()
            try await client.send("early")
            try await links.eventually("it is accepted") { $0.connections == 1 }
            #expect(try await links.struck() == 1)
            #expect(listener.isQuiet)
            try await links.heal()
            let server = try await listener.accept()
            #expect(try await server.receiveText(5) == "early")
            try await server.send("late")
            #expect(try await client.receiveText(4) == "late")
        }
    }

    @Test func dialingIsLateByItsDelay() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            try await links.apply(.inject("slow-connect", ["delay": "120ms"]))
            let start = ContinuousClock.now
            let client = try await links.connect()
            let server = try await listener.accept()
            #expect(ContinuousClock.now - start >= .milliseconds(120))
            try await client.send("x")
            #expect(try await server.receiveText(1) == "x")
        }
    }

    @Test func anEndIsLate() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("slow-close", ["delay": "1h"], when: ["direction": "request"]))
            try await client.send("all")
            client.sendEnd()
            #expect(try await server.receiveText(3) == "all")
            try await server.send("still here")
            #expect(try await client.receiveText(10) == "still here")
            #expect(server.isQuiet)
            #expect(try await links.struck() == 1)
            try await links.heal()
            #expect(try await server.receiveAll() == "")
        }
    }

    // MARK: Connection limit

    @Test func oneTooManyIsTurnedAway() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            try await links.apply(.inject("connection-limit", ["max": "2"]))
            let first = try await links.connect()
            _ = try await listener.accept()
            let second = try await links.connect()
            let secondServer = try await listener.accept()
            let third = try await links.connect()
            #expect(await third.ending() == .reset)
            #expect(try await links.struck() == 1)
            #expect(try await links.events().last { $0.kind == .reset }?.window == 1)
            second.close()
            secondServer.close()
            try await links.eventually("there is room") { $0.connections == 1 }
            let fourth = try await links.connect()
            let server = try await listener.accept()
            try await fourth.send("in")
            #expect(try await server.receiveText(2) == "in")
            first.close()
        }
    }

    // MARK: Partition

    @Test func aPartitionStopsOldAndNewAndLosesNothing() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let old = try await links.connect()
            let server = try await listener.accept()
            try await old.send("before")
            #expect(try await server.receiveText(6) == "before")
            try await links.apply(.inject("partition"))
            #expect(try await links.struck() == 0)
            try await old.send("request")
            old.sendEnd()
            try await server.send("answer")
            let new = try await links.connect()
            try await new.send("new")
            try await links.eventually("something was stopped") { _ in try await links.struck() == 2 }
            #expect(server.isQuiet && old.isQuiet && listener.isQuiet)
            try await links.heal()
            #expect(try await server.receiveAll() == "request")
            #expect(try await old.receiveText(6) == "answer")
            let newServer = try await listener.accept()
            #expect(try await newServer.receiveText(3) == "new")
        }
    }

    @Test func aResetCrossesAPartitionOnlyWhenItIsHealed() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("partition"))
            client.reset()
            try await links.eventually("it is stopped") { _ in try await links.struck() == 1 }
            #expect(server.isQuiet)
            try await links.heal()
            #expect(await server.ending() == .reset)
        }
    }

    /// Windows are numbered from 1 in every plan, so another window may have the number of one that is over.
    @Test(arguments: ["partition", "blackhole"]) func anotherWindowOfTheNumberHoldsNothing(kind: String) async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject(kind))
            try await client.send("held")
            try await links.eventually("it is held") { _ in try await links.struck() == 1 }
            try await links.apply(.inject("latency", ["delay": "1ms"]))
            #expect(try await server.receiveText(4) == "held")
        }
    }

    /// From one plan to the next nothing slips through between.
    @Test func whatIsStoppedStaysStoppedInTheNextPlan() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("partition", id: 1))
            try await client.send("held")
            try await links.eventually("it is stopped") { _ in try await links.struck() == 1 }
            try await links.apply(.inject("partition", id: 7))
            try await links.eventually("the other stops it") { _ in
                try await links.links.progress()[7]?.struck == 1
            }
            #expect(server.isQuiet)
            try await links.heal()
            #expect(try await server.receiveText(4) == "held")
        }
    }

    /// What was held before a partition goes on before what came during it.
    @Test func aPartitionKeepsTheOrderOfWhatWasHeldBefore() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("blackhole", when: ["direction": "request"]))
            try await client.send("first ")
            try await links.eventually("it is held") { $0.bytes == 6 }
            try await links.apply(.inject("partition", id: 2))
            try await client.send("second")
            try await links.eventually("it is stopped") { _ in try await links.links.progress()[2]?.struck == 1 }
            try await links.heal()
            client.sendEnd()
            #expect(try await server.receiveAll() == "first second")
            #expect(try await links.messages(.request).map(\.size) == [6, 6])
        }
    }

    // MARK: Flap

    @Test func aFlapBreaksWhatIsOpenAndRefusesWhatComes() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let open = try await links.connect()
            let server = try await listener.accept()
            try await links.apply(.inject("flap", ["up": "50ms", "down": "1h"]))
            #expect(await open.ending() == .reset)
            #expect(await server.ending() == .reset)
            let refused = try await links.connect()
            #expect(await refused.ending() == .other(111))
            // A listening socket and a connection.
            #expect(try await links.struck() == 2)
            try await links.heal()
            let again = try await links.connect()
            let againServer = try await listener.accept()
            try await again.send("up")
            #expect(try await againServer.receiveText(2) == "up")
        }
    }

    @Test func aFlapComesUpAgain() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            try await links.apply(.inject("flap", ["up": "20ms", "down": "20ms"]))
            try await links.eventually("it went down thrice") { _ in try await links.struck() >= 3 }
            try await links.heal()
            let client = try await links.connect()
            let server = try await listener.accept()
            try await client.send("up")
            #expect(try await server.receiveText(2) == "up")
        }
    }

    // MARK: Which connections

    @Test func everySecondConnectionIsChosen() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let open = try await links.connect()
            let openServer = try await listener.accept()
            // The open one counts first.
            try await links.apply(.inject("reset", when: ["every": "2", "per": "connection"]))
            for turn in 2...5 {
                let client = try await links.connect()
                let server = try await listener.accept()
                try await client.send("x")
                if turn.isMultiple(of: 2) {
                    #expect(await client.ending() == .reset)
                } else {
                    #expect(try await server.receiveText(1) == "x")
                    try await client.send("y")
                    #expect(try await server.receiveText(1) == "y")
                }
            }
            try await open.send("x")
            #expect(try await openServer.receiveText(1) == "x")
            #expect(try await links.struck() == 2)
        }
    }

    /// A connection fault that waits for another window opens while a message is under way.
    @Test func aPartitionMayWaitForAnotherFault() async throws {
        try await TestLinks.connected { links, client, server in
            let delay = try Window.inject("latency", ["delay": "1ms"], id: 1, when: ["direction": "request"])
            let partition = try Window.inject("partition", id: 2)
            let waiting = Window(
                id: 2, link: "link", selector: partition.selector, fault: partition.fault,
                opening: .after(window: 1, strikes: 2))
            try await links.apply(delay, waiting)
            try await client.send("one")
            #expect(try await server.receiveText(3) == "one")
            try await client.send("two")
            try await links.eventually("it is open") { _ in try await links.links.progress()[2]?.opened != nil }
            try await server.send("never")
            try await links.eventually("it stops") { _ in try await links.links.progress()[2]?.struck == 1 }
            #expect(client.isQuiet)
        }
    }
}
