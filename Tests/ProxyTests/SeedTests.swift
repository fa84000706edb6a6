import Faults
import Proxy
import Testing
import Wire

/// A seed decides the same, whatever the order in which things happen to happen.
struct SeedTests {
    /// What was decided about one message.
    private struct Decided: Hashable {
        var action: WireEvent.Action
        var window: Int
        var status: Int
    }

    // MARK: Calls

    private static let calls = (0..<60).map { "key-\($0)" }
    private static let attempts = 4

    private func windows() throws -> [Window] {
        [
            try .inject("status", ["code": "503"], id: 1, when: ["probability": "30%"], over: .http),
            try .inject("status", ["code": "500"], id: 2, when: ["first-per-call": "1"], over: .http),
            try .inject("reset", id: 3, when: ["probability": "20%"], over: .http),
            try .inject(
                "latency", ["delay": "2ms", "jitter": "2ms"], id: 4, when: ["probability": "50%"], over: .http),
            try .inject("remove-header", ["name": "Content-Type"], id: 5, when: ["probability": "40%"], over: .http),
            try .inject("truncate", ["after": "1B"], id: 6, when: ["probability": "30%"], over: .http),
        ]
    }

    /// Tries every call so often, in the order given, several calls at once; each attempt has a connection of its own.
    private func decisions(_ server: PythonServer, calls: [String], atOnce: Int) async throws -> [String: [Decided]] {
        var found: [String: [Decided]] = [:]
        try await TestLinks.with(.http(service: .s3, to: server.address)) { links in
            try await links.links.apply(Plan(windows: windows(), seed: 42))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, call) in calls.enumerated() {
                    if index >= atOnce { try await group.next() }
                    group.addTask {
                        for _ in 0..<Self.attempts {
                            // What becomes of the attempt is the history's to tell.
                            _ = try? await HTTPTalk(links).ask("PUT /bucket/\(call)", body: "hello")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await links.eventually("every connection has ended") { $0.connections == 0 }
            for event in try await links.messages() {
                found["\(event.key) \(event.direction!)", default: []].append(
                    Decided(action: event.action, window: event.window, status: event.status))
            }
        }
        return found
    }

    @Test func decisionsAboutCallsDependOnNoOrder() async throws {
        let server = try await offPool { try PythonServer() }
        let alone = try await decisions(server, calls: Self.calls, atOnce: 1)
        var random = SeededRandom(seed: 3)
        for _ in 0..<2 {
            let crowd = try await decisions(server, calls: Self.calls.shuffled(using: &random), atOnce: 16)
            for (call, decided) in alone { #expect(crowd[call] == decided, "\(call)") }
            #expect(crowd.count == alone.count)
        }
        #expect(alone.count == 2 * Self.calls.count)
        #expect(
            Set(alone.values.joined().map(\.window)) == Set(0...6), "every window has struck, so this test tests it")
    }

    // MARK: Connections

    private static let connections = 60

    /// Connects in order, has the connections speak in another, and tells which windows struck each.
    private func struck(speaking order: [Int]) async throws -> [Int: [Decided]] {
        var found: [Int: [Decided]] = [:]
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp(to: upstream.address)) { links in
            let reset = try Window.inject("reset", id: 1, when: ["probability": "30%", "per": "connection"])
            let late = try Window.inject(
                "latency", ["delay": "1us"], id: 2, when: ["every": "3", "per": "connection", "direction": "response"])
            let limit = try Window.inject("limit", ["bytes": "2B"], id: 3, when: ["probability": "40%"])
            try await links.links.apply(Plan(windows: [reset, late, limit], seed: 42))
            var pairs: [(client: Peer, server: Peer)] = []
            for _ in 0..<Self.connections { pairs.append((try await links.connect(), try await upstream.accept())) }
            for index in order {
                let (client, server) = pairs[index]
                try await client.send("ask")
                guard (try? await server.receive(3)) != nil else { continue }
                // The limit may have ended it by now.
                _ = try? await server.send("tell")
                client.sendEnd()
                server.sendEnd()
                _ = await client.ending()
            }
            for pair in pairs {
                pair.client.close()
                pair.server.close()
            }
            try await links.eventually("every connection has ended") { $0.connections == 0 }
            for event in try await links.events() where event.window != 0 {
                let decided = Decided(action: event.action, window: event.window, status: 0)
                if found[event.connection]?.last != decided { found[event.connection, default: []].append(decided) }
            }
        }
        return found
    }

    @Test func decisionsAboutConnectionsFollowTheOrderOfAccepting() async throws {
        let order = Array(0..<Self.connections)
        let first = try await struck(speaking: order)
        var random = SeededRandom(seed: 5)
        #expect(try await struck(speaking: order.shuffled(using: &random)) == first)
        #expect(try await struck(speaking: order.reversed()) == first)
        #expect(Set(first.values.joined().map(\.window)) == [1, 2, 3])
        #expect(first.count < Self.connections, "some were spared, so this test tests it")
    }
}
