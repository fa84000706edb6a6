import Faults
import Proxy
import Testing
import Wire

/// How the history tells of messages that were held: for how long, and whether their client waited for the end.
struct HeldTests {
    private func served(_ body: (TestLinks, PythonServer) async throws -> Void) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { try await body($0, server) }
    }

    @Test(arguments: [Direction.request, .response]) func aClientThatGivesUp(direction: Direction) async throws {
        try await served { links, _ in
            try await links.apply(.inject("blackhole", when: ["direction": direction.rawValue], over: .http))
            let talk = try await HTTPTalk(links)
            let before = try await links.links.now()
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.bytes > 0 }
            let held = try await links.links.now()
            talk.peer.close()
            try await links.eventually("the connection is gone") { $0.connections == 0 }
            let after = try await links.links.now()
            let message = try #require(try await links.messages(direction).first)
            #expect(message.action == .held && message.window == 1 && message.key == "a")
            #expect(message.time >= before && message.time <= held)
            #expect(message.end >= held && message.end <= after)
            #expect(message.size > 5)
        }
    }

    @Test func aClientThatResets() async throws {
        try await served { links, _ in
            try await links.apply(.inject("blackhole", over: .http))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.bytes > 0 }
            talk.peer.reset()
            try await links.eventually("the connection is gone") { $0.connections == 0 }
            #expect(try await links.messages().map(\.action) == [.held])
        }
    }

    @Test func oneThatWaitedForHealing() async throws {
        try await served { links, _ in
            try await links.apply(.inject("blackhole", over: .http))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.bytes > 0 }
            let healed = try await links.links.apply(Plan())
            #expect(try await talk.answer().status == 200)
            let messages = try await links.messages()
            #expect(messages.map(\.action) == [.delayed, .forwarded])
            #expect(messages[0].window == 1)
            #expect(messages[0].time < healed && messages[0].end >= healed)
        }
    }

    /// Nobody has given up who was cut off.
    @Test func oneWhoseLinkWasClosed() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp(to: upstream.address)) { links in
            let client = try await links.connect()
            let server = try await upstream.accept()
            try await links.apply(.inject("blackhole"))
            try await client.send("ask")
            try await links.eventually("it is held") { $0.bytes == 3 }
            server.reset()
            #expect(await client.ending() == .reset)
            #expect(try await links.messages().map(\.action) == [.cut])
        }
    }

    @Test func chunksOfBytes() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp(to: upstream.address)) { links in
            let client = try await links.connect()
            let server = try await upstream.accept()
            try await links.apply(.inject("blackhole", when: ["direction": "request"]))
            try await client.send("ask")
            try await links.eventually("it is held") { $0.bytes == 3 }
            let healed = try await links.links.apply(Plan())
            #expect(try await server.receiveText(3) == "ask")
            try await links.apply(.inject("blackhole", id: 2, when: ["direction": "request"]))
            try await client.send("again")
            try await links.eventually("it is held") { $0.bytes == 5 }
            let held = try await links.links.now()
            client.close()
            try await links.eventually("the connection is gone") { $0.connections == 0 }
            let messages = try await links.messages()
            #expect(messages.map(\.action) == [.delayed, .held])
            #expect(messages.map(\.size) == [3, 5])
            #expect(messages.map(\.window) == [1, 2])
            #expect(messages[0].time < healed && messages[0].end >= healed)
            #expect(messages[1].time <= held && messages[1].end >= held)
        }
    }

    @Test func aDelayEndsWhenItIsOver() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.tcp(to: upstream.address)) { links in
            let client = try await links.connect()
            try await links.apply(.inject("latency", ["delay": "1h"], when: ["first": "1"]))
            try await client.send("late")
            try await links.eventually("it waits") { $0.bytes == 4 }
            let message = try #require(try await links.messages().first)
            #expect(message.end - message.time == 3_600_000_000_000)
        }
    }
}
