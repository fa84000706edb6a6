import Faults
import Proxy
import Testing
import Wire

/// What faults of bytes and connections do to calls on an `http` link.
struct HTTPShapeTests {
    private func served(_ body: (TestLinks, PythonServer) async throws -> Void) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { try await body($0, server) }
    }

    private func inject(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], when: KeyValuePairs<String, String> = [:]
    ) throws -> Window {
        try .inject(kind, options, when: when, over: .http)
    }

    @Test(arguments: ["GET /fixed/60000", "GET /chunked"])
    func onlyTheChosenAnswersAreSliced(line: String) async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            let whole = try await talk.ask(line)
            try await links.apply(
                inject("slice", ["size": "7B", "variation": "6B"], when: ["direction": "response", "nth": "1"]))
            #expect(try await talk.ask(line).body == whole.body)
            #expect(try await talk.ask(line).body == whole.body)
            #expect(try await links.struck() == 1)
            #expect(try await links.messages(.response).map(\.action) == [.forwarded, .shaped, .forwarded])
        }
    }

    @Test func anAnswerIsPacedAndTheNextIsNot() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(
                inject("bandwidth", ["rate": "200KB/s"], when: ["direction": "response", "first": "1"]))
            let start = ContinuousClock.now
            #expect(try await talk.ask("GET /fixed/40000").body.utf8.count == 40_000)
            #expect(ContinuousClock.now - start >= .milliseconds(190))
            #expect(try await talk.ask("GET /fixed/40000").body.utf8.count == 40_000)
            #expect(try await links.struck() == 1)
            let answers = try await links.messages(.response)
            #expect(answers.map(\.action) == [.shaped, .forwarded])
            #expect(answers[0].end - answers[0].time >= 190_000_000)
        }
    }

    @Test func anAnswerIsCorrupted() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(
                inject("corrupt", ["rate": "100%"], when: ["direction": "response", "nth": "2"]))
            #expect(try await talk.ask("GET /fixed/10").status == 200)
            try await talk.peer.send(HTTPTalk.request("GET /fixed/10"))
            let first = try await talk.peer.receive(1)
            #expect((first[0] ^ UInt8(ascii: "H")).nonzeroBitCount == 1)
            try await links.eventually("the answer has passed") { $0.calls == 0 }
            #expect(try await links.messages(.response).map(\.action) == [.forwarded, .corrupted])
        }
    }

    @Test(arguments: [("GET /fixed/60000", true), ("PUT /bucket/a", false)])
    func aCloseWithinAMessageEndsInOrder(line: String, isAnswer: Bool) async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(
                inject("close", ["after": "300B"], when: ["direction": isAnswer ? "response" : "request"]))
            try await talk.peer.send(HTTPTalk.request(line, body: isAnswer ? "" : String(repeating: "x", count: 9_000)))
            let received = try await talk.peer.receiveAll()
            #expect(received.utf8.count == (isAnswer ? 300 : 0))
            talk.peer.close()
            try await links.eventually("the connection is over") { $0.connections == 0 }
            let cut = try #require(try await links.messages(isAnswer ? .response : .request).last)
            #expect((cut.action, cut.size, cut.window) == (.cut, 300, 1))
        }
    }

    @Test func aCloseBeforeAnAnswer() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("close", when: ["direction": "response"]))
            try await talk.peer.send(HTTPTalk.request("GET /fixed/10"))
            #expect(try await talk.peer.receiveAll() == "")
            #expect(try await links.messages(.response).map(\.size) == [0])
        }
    }

    @Test func aHalfClosedRequestIsNeverServed() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("GET /fixed/10").status == 200)
            try await links.apply(inject("half-close", when: ["direction": "request"]))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/lost", body: "hello"))
            #expect(try await talk.peer.receiveAll() == "")
            let seen = try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body
            #expect(!seen.contains("lost"))
            #expect(try await links.struck() == 1)
        }
    }

    @Test func aLimitCutsAnAnswer() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("limit", ["bytes": "500B"], when: ["direction": "response"]))
            try await talk.peer.send(HTTPTalk.request("GET /fixed/60000"))
            #expect(try await talk.peer.receiveAll().utf8.count == 500)
            talk.peer.close()
            try await links.eventually("the connection is over") { $0.connections == 0 }
            #expect(try await links.messages(.response).map { [$0.size, $0.action == .cut ? 1 : 0] } == [[500, 1]])
        }
    }

    @Test func aPartitionHoldsCallsUntilItIsHealed() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("GET /fixed/3").body == "xxx")
            try await links.apply(inject("partition"))
            try await talk.peer.send(HTTPTalk.request("GET /fixed/4"))
            try await links.eventually("it is stopped") { _ in try await links.struck() == 1 }
            #expect(talk.peer.isQuiet)
            try await links.heal()
            #expect(try await talk.answer().body == "xxxx")
        }
    }

    /// Where the service's connection ends early, its client reads the answer all the same.
    @Test func anEarlyReplyReachesAClientThatIsStillSending() async throws {
        try await served { links, _ in
            try await links.apply(inject("status", ["code": "503"], when: ["operation": "PutObject"]))
            let talk = try await HTTPTalk(links)
            let head = "PUT /bucket/a HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: 2000000\r\n\r\n"
            try await talk.peer.send(head)
            try await talk.peer.send([UInt8](repeating: 1, count: 2_000_000))
            try await talk.peer.send([UInt8](repeating: 1, count: 100_000))
            #expect(try await talk.answer().status == 503)
        }
    }
}
