import Faults
import Glibc
import Proxy
import Reactor
import Synchronization
import Testing
import Wire

/// What links must survive: peers that break off, much of everything, and plans that never rest.
struct RobustnessTests {
    private func connected(
        _ body: (TestLinks, _ client: Peer, _ server: Peer) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let client = try await links.connect()
            try await body(links, client, try await listener.accept())
        }
    }

    // MARK: Breaking off

    /// RST passes on as RST, and what waits is thrown away with the connection.
    @Test(arguments: [
        ("latency", Direction.request), ("latency", .response), ("blackhole", .request), ("blackhole", .response),
    ])
    func aResetPassesWhileBytesWait(kind: String, direction: Direction) async throws {
        try await connected { links, client, server in
            let options: KeyValuePairs = kind == "latency" ? ["delay": "1h"] : [:]
            try await links.apply(.inject(kind, options, when: ["direction": direction.rawValue]))
            let (sender, receiver) = direction == .request ? (client, server) : (server, client)
            try await sender.send("late")
            try await links.eventually("it waits") { $0.bytes == 4 }
            sender.reset()
            await #expect(throws: Peer.Failure.reset) { _ = try await receiver.receive(atMost: 4) }
            try await links.eventually("the connection is gone") { $0.connections == 0 && $0.bytes == 0 }
            #expect(try await links.events().last?.kind == .reset)
        }
    }

    /// The receiver of what waits breaks off: its sender hears of it at once, not when the bytes are due.
    @Test(arguments: ["latency", "blackhole"]) func aReceiverBreaksOffWhileBytesWait(kind: String) async throws {
        try await connected { links, client, server in
            let options: KeyValuePairs = kind == "latency" ? ["delay": "1h"] : [:]
            try await links.apply(.inject(kind, options, when: ["direction": "request"]))
            try await client.send("late")
            try await links.eventually("it waits") { $0.bytes == 4 }
            server.reset()
            #expect(await client.ending() == .reset)
        }
    }

    @Test func aClientResetsInTheMiddleOfARequest() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            let head = "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n"
            try await client.send(head + "some")
            #expect(try await server.receiveText(head.utf8.count + 4) == head + "some")
            client.reset()
            #expect(await server.ending() == .reset)
            let events = try await links.events()
            #expect(events.map(\.kind) == [.opened, .message, .reset])
            #expect(events[1].action == .cut && events[1].size == head.utf8.count + 4 && events[1].window == 0)
            #expect(try await links.links.inFlight() == InFlight())
        }
    }

    @Test func aClientResetsInTheMiddleOfAnAnswer() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            let ask = HTTPTalk.request("GET /a")
            try await client.send(ask)
            _ = try await server.receive(ask.utf8.count)
            let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
            try await server.send(answer)
            #expect(try await client.receiveText(answer.utf8.count) == answer)
            client.reset()
            #expect(await server.ending() == .reset)
            let messages = try await links.messages()
            #expect(messages.map(\.action) == [.forwarded, .cut])
            #expect(messages.last?.size == answer.utf8.count)
        }
    }

    // MARK: Much of it

    /// A delay needs bandwidth times delay of memory, and no more than its bound.
    @Test func aGigabyteThroughADelay() async throws {
        let size = 1 << 30
        try await connected { links, client, server in
            try await links.apply(.inject("latency", ["delay": "5ms"]))
            try await client.send("x")
            #expect(try await server.receiveText(1) == "x")
            let before = Memory.resident
            async let sent: Void = Bulk.send(size, through: client)
            async let difference = Bulk.firstDifference(in: size, from: server)
            let traffic = PlanTraffic()
            async let mostBytes = Self.most(of: links, until: traffic)
            let found = try await difference
            try await sent
            traffic.stops.store(true, ordering: .releasing)
            let most = try await mostBytes
            #expect(found == nil)
            #expect(most > 0 && most <= 8 << 20, "\(most) bytes waited")
            #expect(Memory.resident - before <= 64 << 20, "\((Memory.resident - before) >> 20) MiB more are resident")
            client.sendEnd()
            #expect(try await server.receiveAll() == "")
        }
    }

    private static func most(of links: TestLinks, until traffic: PlanTraffic) async throws -> Int {
        var most = 0
        while !traffic.stops.load(ordering: .acquiring) {
            most = max(most, try await links.links.inFlight().bytes)
            await Task.yield()
        }
        return most
    }

    /// A server says a gigabyte and its client listens to none of it: the server waits, and the link keeps little.
    @Test func aClientThatNeverReads() async throws {
        try await connected { links, client, server in
            let before = Memory.resident
            async let sent: Void = Bulk.send(1 << 30, through: server)
            // Until nothing more is taken in, however long it is looked at.
            var (passed, former) = (0, -1)
            while passed != former {
                former = passed
                try await links.expectBoundedMemory()
                passed = try await links.messages(.response).reduce(0) { $0 + $1.size }
            }
            #expect(Memory.resident - before <= 32 << 20)
            #expect(passed < 64 << 20, "the link took in what nobody reads")
            client.reset()
            do {
                try await sent
                Issue.record("a gigabyte went to somebody who reads nothing")
            } catch {
                #expect(error as? Peer.Failure == .reset)
            }
        }
    }

    // MARK: Plans that never rest

    /// Ten thousand plans while connections carry traffic: each byte arrives, no connection breaks, and memory stays.
    @Test func tenThousandPlansUnderLoad() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let traffic = PlanTraffic()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    let (client, server) = (try await links.connect(), try await listener.accept())
                    group.addTask { try await offPool { try traffic.ask(client) } }
                    group.addTask { try await offPool { try traffic.answer(server) } }
                }
                for number in 0..<2000 { try await links.links.apply(plan(number)) }
                let before = Memory.resident
                for number in 0..<10_000 { try await links.links.apply(plan(number)) }
                let after = Memory.resident
                try await links.heal()
                traffic.stops.store(true, ordering: .releasing)
                #expect(try await group.reduce(0, +) > 0)
                #expect(after - before <= 16 << 20, "\((after - before) >> 10) KiB more are resident")
            }
            try await links.eventually("closed") { $0.connections == 0 }
            let ends = try await links.events().filter { $0.kind != .message }
            #expect(ends.map(\.kind) == Array(repeating: .opened, count: 4) + Array(repeating: .closed, count: 4))
            print("longest way there and back while plans changed: \(traffic.longest)")
        }
    }

    /// Windows that strike and lose nothing, new ones each time, and enough of them that one plan left behind would show.
    private func plan(_ number: Int) throws -> Plan {
        let kinds: [(String, KeyValuePairs<String, String>)] = [
            ("latency", ["delay": "100us"]), ("slice", ["size": "100B"]), ("bandwidth", ["rate": "64MiB/s"]),
            ("blackhole", [:]), ("partition", [:]), ("slow-close", ["delay": "1ms"]),
        ]
        let (kind, options) = kinds[number % kinds.count]
        let window = try Window.inject(kind, options)
        return Plan(
            windows: (0..<8).map {
                Window(
                    id: number * 8 + $0 + 1, link: "link", selector: window.selector, fault: window.fault,
                    closing: .at(.milliseconds(1 + number % 3)))
            }, seed: UInt64(number))
    }
}

/// Peers that send a message, large or small, and wait for it to come back, until they are told to stop.
private final class PlanTraffic: Sendable {
    let stops = Atomic<Bool>(false)
    private let longestNanoseconds = Atomic<Int64>(0)

    var longest: Duration { .nanoseconds(longestNanoseconds.load(ordering: .relaxed)) }

    /// - Returns: how many messages came back.
    func ask(_ client: Peer) throws -> Int {
        var count = 0
        while !stops.load(ordering: .acquiring) {
            let size = [1, 100, 5000, 60_000][count % 4]
            let start = Nanoseconds.now()
            try client.sendNow(Array(Bulk.block[..<size]))
            var echo: [UInt8] = []
            while echo.count < size {
                let part = try client.receiveNow(size - echo.count)
                guard !part.isEmpty else { throw Peer.Failure.reset }
                echo += part
            }
            guard echo[...] == Bulk.block[..<size] else { throw Peer.Failure.other(EBADMSG) }
            longestNanoseconds.max((Nanoseconds.now() - start).rawValue, ordering: .relaxed)
            count += 1
        }
        client.sendEnd()
        guard try client.receiveNow(1).isEmpty else { throw Peer.Failure.other(EBADMSG) }
        client.close()
        return count
    }

    func answer(_ server: Peer) throws -> Int {
        while case let part = try server.receiveNow(65_536), !part.isEmpty { try server.sendNow(part) }
        server.sendEnd()
        server.close()
        return 0
    }
}

/// What this process takes of the machine's memory.
private enum Memory {
    /// Bytes.
    static var resident: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(
            separator: " ")
        return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
