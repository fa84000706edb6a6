import Control
import Experiments
import Faults
import Foundation
import Proxy
import Stores
import Testing
import Wire

/// Links of a standing proxy, steered over its API.
@Suite struct AttachedLinksTests {
    private static let link = LinkConfiguration(name: "a", linkProtocol: .tcp, upstream: "127.0.0.1:1")

    private func plan(_ entries: String, seed: UInt64 = 1) throws -> Plan {
        var spec = try Spec(file: "e.yaml", root: YAMLFile.parse("faults: [\(entries)]", file: "e.yaml"))
        let windows = try WindowReader.read(
            try spec.required("faults", .list(of: .spec)), links: ["a": LinkTraits(.tcp)])
        return Plan(windows: windows, seed: seed)
    }

    private func scratch() -> String { NSTemporaryDirectory() + "faultline-attach-\(UUID().uuidString)" }

    private func events(_ path: String) throws -> [WireEvent] {
        var events: [WireEvent] = []
        try WireHistory.forEach(in: path) { events.append($0) }
        return events
    }

    /// Attaches, and gives the links back afterwards.
    private func with(
        _ proxy: RestartableProxy, historyPath: String = "/dev/null",
        _ body: (AttachedLinks, _ listen: String) async throws -> Void
    ) async throws {
        let links = try proxy.attached(historyPath: historyPath)
        do {
            let addresses = try await links.open([Self.link])
            try await body(links, try #require(addresses["a"]?.first))
            await links.close()
        } catch {
            await links.close()
            throw error
        }
    }

    private func ask(_ peer: Peer, _ text: String = "x") async throws -> String {
        try await peer.send(text)
        return try await peer.receive(text.utf8.count)
    }

    @Test func aPlanIsInForceAtOnceAndHeals() async throws {
        try await RestartableProxy.withEcho { proxy in
            try await with(proxy) { links, listen in
                let peer = try await Peer.connect(listen)
                #expect(try await ask(peer) == "x")
                let before = try await links.now()
                let began = try await links.apply(
                    plan(
                        "{ name: one, on: a, inject: { latency: { delay: 1us } } }, { on: a, inject: blackhole, from: { after: one, strikes: 2 } }"
                    ))
                #expect(began >= before)
                #expect(try await ask(peer) == "x")
                var progress = try await links.progress()
                #expect(progress[1]?.struck == 1 && progress[1]?.isDamage == true)
                #expect(progress[1]?.opened != nil && progress[2]?.opened == nil)
                try await peer.send("x")
                try await proxy.eventually("the second waits for the first") {
                    progress = try await links.progress()
                    return progress[2]?.opened != nil
                }
                #expect(try #require(progress[2]?.opened) >= #require(progress[1]?.opened))
                #expect(try await links.inFlight().connections == 1)
                try await links.apply(Plan())
                #expect(try await links.progress().isEmpty)
                #expect(try await peer.receive(1) == "x")
                #expect(try await links.disturbances() == [])
            }
        }
    }

    @Test func theSameSeedDecidesTheSameAsLinksOfOnesOwn() async throws {
        let echo = try Echo()
        let text = "{ on: a, inject: reset, when: { probability: 30%, per: connection } }"
        func resets(_ links: any LinkControl, _ link: LinkConfiguration) async throws -> [Bool] {
            let listen = try #require(try await links.open([link])["a"]?.first)
            try await links.apply(plan(text, seed: 5))
            var reset: [Bool] = []
            for _ in 0..<20 {
                let peer = try await Peer.connect(listen)
                reset.append((try? await ask(peer)) != "x")
            }
            await links.close()
            return reset
        }
        let link = LinkConfiguration(name: "a", linkProtocol: .tcp, upstream: echo.address)
        let own = try await resets(LocalLinks(historyPath: nil), link)
        #expect(own.contains(true) && own.contains(false))
        try await RestartableProxy.with([link]) { proxy in
            // Others have had faults before, and so their numbers.
            let live = try proxy.live
            let former = try await live.add(FaultDraft.test("reset"))
            try await live.removeFaults { $0.number == former.number }
            #expect(try await resets(proxy.attached(), link) == own)
        }
    }

    @Test(arguments: [1, 2]) func aHistoryOfManyEventsArrivesWhole(threads: Int) async throws {
        let (theirs, ours) = (scratch(), scratch())
        defer { for path in [theirs, ours] { try? FileManager.default.removeItem(atPath: path) } }
        try await RestartableProxy.withEcho(history: theirs, threads: threads) { proxy in
            let live = try proxy.live
            // Names and connections from before, and another link: none of the run's business.
            let other = try await live.add(.test("b", to: live.now.set.link("a").configuration.upstream))
            let early = try await Peer.connect(live.now.set.link("a").listen)
            #expect(try await ask(early) == "x")
            try await with(proxy, historyPath: ours) { links, listen in
                try await links.apply(plan("{ on: a, inject: { latency: { delay: 1us } }, when: { every: 7 } }"))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for address in [listen, listen, other.listen, listen] {
                        group.addTask {
                            let peer = try await Peer.connect(address)
                            for _ in 0..<2_000 { #expect(try await ask(peer) == "x") }
                        }
                    }
                    try await group.waitForAll()
                }
                // Their ends are events too.
                try await proxy.eventually("only the first client is there") {
                    try await links.inFlight().connections == 1
                }
                let count = try await links.flushHistory()
                _ = try await live.flushHistory()
                let arrived = try events(ours)
                #expect(count == HistoryCount(written: arrived.count, dropped: 0))
                #expect(arrived.count >= 3 * 4_001 && arrived.allSatisfy { $0.link == "a" })
                #expect(arrived.filter { $0.window == 1 }.count > 500)
                let first = try #require(arrived.map(\.time).min())
                func order(_ events: [WireEvent]) -> [WireEvent] {
                    events.filter { $0.link == "a" && $0.time >= first }
                        .sorted { ($0.connection, $0.time, $0.end) < ($1.connection, $1.time, $1.end) }
                }
                // The proxy's numbers are the run's here: nobody had one before.
                #expect(order(arrived) == order(try events(theirs)))
                #expect(try await links.now() >= arrived.map(\.end).max() ?? 0)
            }
        }
    }

    @Test func aSecondRunIsRefusedUntilTheFirstHasEnded() async throws {
        try await RestartableProxy.withEcho { proxy in
            try await with(proxy) { _, _ in
                let second = try proxy.attached("second")
                let error = await #expect(throws: LinkError.self) { try await second.open([Self.link]) }
                #expect(
                    error?.what.contains("'run' is attached to the link 'a'") == true, "\(String(describing: error))")
                await second.close()
            }
            let third = try proxy.attached("third")
            #expect(try await third.open([Self.link]).count == 1)
            await third.close()
            #expect(try await proxy.live.now.set.attachments.isEmpty)
        }
    }

    @Test func whatOthersDoIsTold() async throws {
        try await RestartableProxy.withEcho { proxy in
            try await with(proxy) { links, listen in
                let live = try proxy.live
                try await links.apply(plan("{ on: a, inject: { latency: { delay: 1us } } }"))
                let foreign = try await live.add(.test("latency", ["delay": "1us"], name: "mine"))
                try await live.removeFaults { $0.number == foreign.number }
                #expect(
                    try await links.disturbances() == ["somebody has injected a fault on the link 'a': 2 (mine)"])
                try await live.change("a") { $0.isEnabled = false }
                try await live.change("a") { $0.isEnabled = true }
                #expect(try await links.disturbances().count == 3)
                try await live.removeFaults { _ in true }
                let lost = await #expect(throws: LinksLost.self) { try await links.progress() }
                #expect(lost?.description.contains("in force no more") == true)
            }
        }
    }

    @Test func aProxyThatIsStartedAnewIsAnotherOne() async throws {
        try await RestartableProxy.withEcho { proxy in
            try await with(proxy) { links, _ in
                try await links.apply(plan("{ on: a, inject: reset }"))
                try await proxy.restart()
                await #expect(throws: LinksLost.self) { try await links.untilLost() }
                let lost = await #expect(throws: LinksLost.self) { try await links.now() }
                #expect(lost?.description.contains(proxy.address) == true)
                await #expect(throws: LinksLost.self) { try await links.flushHistory() }
                await #expect(throws: LinksLost.self) { try await links.disturbances() }
            }
        }
    }

    @Test func aRunThatIsGoneHasItsFaultsHealed() async throws {
        try await RestartableProxy.withEcho { proxy in
            let client = ControlClient(proxy.address, token: nil)
            let body: JSON = ["owner": "gone", "links": ["a"], "for": "1s"]
            _ = try await client.send("POST", ["v1", "attachments"], body: body)
            let plan = try PlanBody.json(plan("{ on: a, inject: blackhole }").windows, seed: 1)
            _ = try await client.send("PUT", ["v1", "attachments", "gone", "plan"], body: plan)
            let peer = try await Peer.connect(proxy.live.now.set.link("a").listen)
            // Answered once the lease has run out, and not before.
            #expect(try await ask(peer) == "x")
            #expect(try await proxy.live.progress().isEmpty)
            await #expect(throws: ControlClient.Failure.self) {
                try await client.send("PUT", ["v1", "attachments", "gone"], body: ["for": "1s"])
            }
        }
    }

    @Test func aRunWhoseHistoryNobodyReadsAnyMoreIsGone() async throws {
        try await RestartableProxy.withEcho { proxy in
            let client = ControlClient(proxy.address, token: nil)
            let body: JSON = ["owner": "gone", "links": ["a"], "for": "1h"]
            _ = try await client.send("POST", ["v1", "attachments"], body: body)
            do {
                let reader = try await Peer.connect(proxy.address)
                try await reader.send("GET /v1/attachments/gone/history HTTP/1.1\r\nHost: \(proxy.address)\r\n\r\n")
                #expect(try await reader.receive(12) == "HTTP/1.1 200")
                #expect(try await proxy.live.now.set.attachments.count == 1)
            }
            try await proxy.eventually("it is detached") { try await proxy.live.now.set.attachments.isEmpty }
        }
    }

    @Test(arguments: [
        (LinkConfiguration(name: "b", linkProtocol: .tcp, upstream: "x:1"), "has no link of this name, but a"),
        (LinkConfiguration(name: "a", linkProtocol: .http, upstream: "x:1"), "it speaks 'tcp'"),
        (LinkConfiguration(name: "a", linkProtocol: .tcp, service: .redis, upstream: "x:1"), "it carries no service"),
    ])
    func aLinkThatIsAnotherThereIsRefused(link: LinkConfiguration, words: String) async throws {
        try await RestartableProxy.withEcho { proxy in
            let links = try proxy.attached()
            let error = await #expect(throws: LinkError.self) { try await links.open([link]) }
            #expect(error?.what.contains(words) == true, "\(String(describing: error))")
            await links.close()
        }
    }

    @Test func nobodyThereIsSaidAtOnce() async throws {
        let links = try AttachedLinks("127.0.0.1:1", token: nil, owner: "run", historyPath: "/dev/null")
        let failure = await #expect(throws: ControlClient.Failure.self) { try await links.open([Self.link]) }
        #expect(failure?.description.contains("start 'faultline proxy'") == true)
        await links.close()
    }
}
