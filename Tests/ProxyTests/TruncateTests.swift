import Faults
import Proxy
import Testing
import Wire

/// Messages that are cut short, as clients and servers see it.
struct TruncateTests {
    private func served(_ body: (TestLinks, PythonServer) async throws -> Void) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { try await body($0, server) }
    }

    private func truncate(_ after: String, when: KeyValuePairs<String, String> = [:]) throws -> Window {
        try .inject("truncate", ["after": after], when: when, over: .http)
    }

    @Test(arguments: [("/fixed/5000", "1KB", 1000), ("/fixed/5000", "0B", 0), ("/fixed/2000000", "1MB", 1_000_000)])
    func aShortenedAnswerIsAPartialTransferForCurl(path: String, after: String, count: Int) async throws {
        try await served { links, _ in
            try await links.apply(truncate(after))
            let cut = try await Curl(links.address(), path)
            #expect(cut.code == 18)
            #expect(cut.body == String(repeating: "x", count: count))
            let answer = try #require(try await links.messages(.response).first)
            #expect(answer.action == .cut && answer.status == 200 && answer.window == 1)
            #expect((count + 50...count + 400).contains(answer.size))
            try await links.heal()
            #expect(try await Curl(links.address(), path).code == 0)
        }
    }

    @Test func chunksAreCutToo() async throws {
        try await served { links, _ in
            try await links.apply(truncate("4B"))
            #expect(try await Curl(links.address(), "/chunked").code == 18)
        }
    }

    @Test func theHeadIsAsItWas() async throws {
        try await served { links, _ in
            let whole = try await HTTPTalk(links).ask("GET /fixed/100")
            try await links.apply(truncate("10B"))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("GET /fixed/100"))
            let head = try await talk.headAlone().head
            #expect(head.count == whole.head.count)
            #expect(head.contains("Content-Length: 100\r\n"))
            #expect(await talk.peer.ending() == nil)
            try await links.eventually("closed") { $0.connections == 0 }
        }
    }

    /// A fault that changes nothing would be false evidence.
    @Test(arguments: ["/fixed/10", "/status/204"]) func aBodyThatIsNoLongerIsLeftAlone(path: String) async throws {
        try await served { links, _ in
            try await links.apply(truncate("10B"))
            let talk = try await HTTPTalk(links)
            _ = try await talk.ask("GET \(path)")
            #expect(try await talk.ask("HEAD /fixed/100").status == 200)
            let progress = try await links.links.progress()[1]
            #expect(progress?.matched == 2 && progress?.struck == 0)
        }
    }

    @Test func aShortenedRequestIsNotApplied() async throws {
        try await served { links, server in
            try await links.apply(truncate("3B", when: ["direction": "request"]))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            #expect(await talk.peer.ending() == nil)
            #expect(try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body == "")
            #expect(try await links.messages().map(\.action) == [.cut])
        }
    }

    // MARK: reset { after }

    @Test func aResetInTheMiddleOfAnAnswer() async throws {
        try await served { links, _ in
            let reset = try Window.inject(
                "reset", ["after": "1KB"], when: ["direction": "response"], over: .http)
            try await links.apply(reset)
            let cut = try await Curl(links.address(), "/fixed/5000")
            #expect(cut.code == 56)
            #expect((1..<1000).contains(cut.body.count))
            #expect(cut.body.allSatisfy { $0 == "x" })
            let answer = try #require(try await links.messages(.response).first)
            #expect(answer.action == .reset && answer.size == 1000 && answer.window == 1)
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("GET /fixed/5000"))
            #expect(await talk.peer.ending() == .reset)
        }
    }

    /// RST throws away what the system has not sent yet, so all of it must have left before.
    @Test func manyBytesArriveBeforeTheReset() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(to: listener.address)) { links in
            let size = 3 << 20
            try await links.apply(.inject("reset", ["after": "\(size)B"], when: ["direction": "response"], over: .http))
            let client = try await links.connect()
            try await client.send(HTTPTalk.request("GET /"))
            let server = try await listener.accept()
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
            async let sent: Void? = try? server.send(Array(head.utf8) + [UInt8](repeating: 0x78, count: 4 << 20))
            #expect(try await client.receive(size).count == size)
            await #expect(throws: Peer.Failure.reset) { _ = try await client.receive(atMost: 1) }
            _ = await sent
            #expect(await server.ending() == .reset)
        }
    }

    @Test(arguments: [("2B", "he"), ("5B", "hello"), ("9B", "hello"), ("0B", "")])
    func aResetInTheMiddleOfAChunk(after: String, passed: String) async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            try await links.apply(.inject("reset", ["after": after]))
            try await client.send("hello")
            #expect(try await server.receiveText(passed.count) == passed)
            #expect(await server.ending() == .reset)
            #expect(await client.ending() == .reset)
            let message = try #require(try await links.messages().first)
            #expect(message.action == .reset && message.size == passed.count && message.window == 1)
        }
    }
}
