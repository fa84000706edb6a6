import Control
import Faults
import Proxy
import Testing
import Wire

/// Faults and links that change while a connection is open.
@Suite struct LiveLinksTests {
    private func live(
        _ body: (LiveLinks, _ listen: String, ManualClock) async throws -> Void
    ) async throws {
        let (echo, clock) = (try Echo(), ManualClock())
        let live = LiveLinks(try LocalLinks(historyPath: nil), clock: clock.live)
        do {
            let link = try await live.add(.test(to: echo.address))
            try await body(live, link.listen, clock)
            await live.close()
        } catch {
            await live.close()
            throw error
        }
    }

    private func ask(_ peer: Peer, _ text: String = "x") async throws -> String {
        try await peer.send(text)
        return try await peer.receive(text.utf8.count)
    }

    @Test func aFaultStrikesAnOpenConnectionAtOnceAndHealsAtOnce() async throws {
        try await live { live, listen, _ in
            let peer = try await Peer.connect(listen)
            #expect(try await ask(peer) == "x")
            let fault = try await live.add(.test("slice", ["size": "1B"]))
            #expect(try await ask(peer, "abc") == "abc")
            #expect(try await live.progress()[fault.number]?.struck ?? 0 >= 1)
            try await live.removeFaults { $0.number == fault.number }
            #expect(try await live.progress().isEmpty)
            #expect(try await ask(peer) == "x")
        }
    }

    @Test func whatOneFaultHasCountedStaysWhenOthersChange() async throws {
        try await live { live, listen, _ in
            let peer = try await Peer.connect(listen)
            let third = try await live.add(.test("reset", when: ["nth": "3"]))
            #expect(try await ask(peer) == "x")
            let other = try await live.add(.test("latency", ["delay": "1us"]))
            #expect(try await ask(peer) == "x")
            try await live.change(fault: other.number) { _ in .test("latency", ["delay": "2us"]) }
            #expect(try await live.progress()[third.number]?.matched == 2)
            try await live.removeFaults { $0.number == other.number }
            try await peer.send("x")
            await #expect(throws: Peer.Failure.reset) { try await peer.receive(1) }
        }
    }

    @Test func aDisabledLinkRefusesAndComesBackAtItsPort() async throws {
        try await live { live, listen, _ in
            let peer = try await Peer.connect(listen)
            try await live.change("a") { $0.isEnabled = false }
            await #expect(throws: Peer.Failure.reset) { try await peer.receive(1) }
            await #expect(throws: Peer.Failure.self) { try await Peer.connect(listen) }
            try await live.add(.test("reset", when: ["nth": "2"]))
            let link = try await live.change("a") { $0.isEnabled = true }
            #expect(link.listen == listen)
            let next = try await Peer.connect(listen)
            #expect(try await ask(next) == "x")
            try await next.send("x")
            await #expect(throws: Peer.Failure.reset) { try await next.receive(1) }
        }
    }

    @Test func aLinkThatLeadsElsewhereKeepsItsPortAndLosesItsConnections() async throws {
        try await live { live, listen, _ in
            let peer = try await Peer.connect(listen)
            #expect(try await ask(peer) == "x")
            let other = try Echo()
            for _ in 0..<2 {
                let link = try await live.change("a") { $0.configuration.upstream = other.address }
                #expect(link.listen == listen)
            }
            await #expect(throws: Peer.Failure.reset) { try await peer.receive(1) }
            #expect(try await ask(Peer.connect(listen)) == "x")
            try await live.change("a") { $0.isEnabled = false }
            try await live.change("a") { $0.isEnabled = true }
            let back = try await live.change("a") { $0.configuration.upstream = "127.0.0.1:1" }
            #expect(back.listen == listen)
        }
    }

    @Test func aLinkThatCannotBeOpenedChangesNothing() async throws {
        try await live { live, listen, _ in
            let taken = LiveLink(
                LinkConfiguration(name: "b", linkProtocol: .tcp, listen: listen, upstream: "127.0.0.1:1"), source: .api)
            await #expect(throws: LinkError.self) { try await live.add(taken, with: [.test("reset", on: "b")]) }
            #expect(await live.now.set.links.map(\.name) == ["a"])
            #expect(await live.now.set.faults.isEmpty)
            let progress = try await live.progress()
            #expect(progress.isEmpty)
        }
    }

    @Test func faultsOfAnOwnerWhoIsGoneHealAndTheConnectionGoesOn() async throws {
        try await live { live, listen, clock in
            let peer = try await Peer.connect(listen)
            #expect(try await ask(peer) == "x")
            _ = try await live.take("me", for: .seconds(10))
            try await live.add(.test("blackhole", lease: "me"))
            try await peer.send("held")
            clock.advance(by: .seconds(9))
            _ = try await live.take("me", for: .seconds(10))
            clock.advance(by: .seconds(9))
            try await live.sweep()
            #expect(await live.now.set.faults.count == 1)
            clock.advance(by: .seconds(1))
            // Nobody asks for it: the alarm rings by itself.
            #expect(try await peer.receive(4) == "held")
            #expect(await live.now.set.faults.isEmpty)
            #expect(await live.now.set.links.count == 1)
        }
    }

    @Test func manyChangeFaultsAtOnceAndNoConnectionIsLost() async throws {
        try await live { live, listen, _ in
            let peer = try await Peer.connect(listen)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<4 {
                    group.addTask {
                        for number in 0..<100 {
                            let name = "\(client)-\(number)"
                            let fault = try await live.add(.test("latency", ["delay": "1us"], name: name))
                            try await live.change(fault: fault.number) { _ in .test("slice", ["size": "1B"], name: name)
                            }
                            try await live.removeFaults { $0.number == fault.number }
                        }
                    }
                }
                for _ in 0..<50 { #expect(try await ask(peer, "abcdef") == "abcdef") }
                try await group.waitForAll()
            }
            #expect(await live.now.set.faults.isEmpty)
            #expect(try await live.progress().isEmpty)
            #expect(try await ask(peer) == "x")
        }
    }

    @Test func changesOfOneLinkWaitForEachOther() async throws {
        try await live { live, listen, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { try await live.change("a") { $0.isEnabled = number % 2 == 0 } }
                }
                try await group.waitForAll()
            }
            try await live.change("a") { $0.isEnabled = true }
            #expect(try await ask(Peer.connect(listen)) == "x")
        }
    }
}
