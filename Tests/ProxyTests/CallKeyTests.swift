import Faults
import Proxy
import Testing
import Wire

/// Calls that only their body tells apart, and what answers say of trying again.
struct CallKeyTests {
    private func served(
        _ service: Service = .openai, _ body: (TestLinks, PythonServer) async throws -> Void
    ) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: service, to: server.address)) { try await body($0, server) }
    }

    private func key(_ body: String) -> String {
        var hash = BodyHash()
        hash.mix(Array(body.utf8).span.bytes)
        return hash.key
    }

    @Test func attemptsOfACallShareAKey() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            for body in ["one", "two", "one"] { _ = try await talk.ask("POST /v1/embeddings", body: body) }
            _ = try await talk.ask("GET /v1/models")
            let expected = [key("one"), key("two"), key("one"), ""]
            #expect(try await links.messages(.request).map(\.key) == expected)
            #expect(try await links.messages(.response).map(\.key) == expected)
            #expect(Set(expected).count == 3)
        }
    }

    @Test func pointsOfQdrantHaveTheirBodysKeyAndCollectionsTheirName() async throws {
        try await served(.qdrant) { links, _ in
            let talk = try await HTTPTalk(links)
            _ = try await talk.ask("PUT /collections/chunks/points?wait=true", body: "{points}")
            _ = try await talk.ask("PUT /collections/chunks", body: "{vectors}")
            _ = try await talk.ask("GET /collections/chunks/points/7")
            #expect(try await links.messages(.request).map(\.key) == [key("{points}"), "chunks", "chunks"])
            #expect(try await links.messages(.response).map(\.key) == [key("{points}"), "chunks", "chunks"])
        }
    }

    @Test func anObjectsKeyStays() async throws {
        try await served(.s3) { links, _ in
            _ = try await HTTPTalk(links).ask("PUT /bucket/a", body: "hello")
            #expect(try await links.messages().map(\.key) == ["a", "a"])
        }
    }

    /// The head is there long before the body; the fault must know the call all the same.
    @Test func theFirstAttemptsOfEachCallAreStruck() async throws {
        try await served { links, server in
            try await links.apply(
                .inject("status", ["code": "503"], when: ["first-per-call": "2"], over: .http))
            var statuses: [[Int]] = []
            let large = String(repeating: "z", count: 300_000)
            for body in ["one", "two", large] {
                var found: [Int] = []
                for _ in 0..<4 {
                    let talk = try await HTTPTalk(links)
                    let request = HTTPTalk.request("POST /v1/embeddings", body: body)
                    let end = request.index(request.endIndex, offsetBy: -3)
                    try await talk.peer.send(String(request[..<end]))
                    try await links.eventually("it waits for its body") { $0.bytes > 0 }
                    try await talk.peer.send(String(request[end...]))
                    found.append(try await talk.answer().status)
                }
                statuses.append(found)
            }
            #expect(statuses == Array(repeating: [503, 503, 200, 200], count: 3))
            #expect(
                try await links.messages(.request).map(\.key)
                    == ["one", "two", large].flatMap { Array(repeating: key($0), count: 4) })
            #expect(
                try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body.split(separator: " ").count == 6)
        }
    }

    @Test func aClientThatLeavesBeforeItsBodyIsWhole() async throws {
        try await served { links, server in
            try await links.apply(.inject("status", ["code": "503"], over: .http))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("POST /v1/embeddings", ["Content-Length: 100"]) + "some")
            try await links.eventually("it waits for its body") { $0.bytes > 0 }
            talk.peer.close()
            try await links.eventually("gone") { $0.connections == 0 }
            #expect(try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body == "")
            #expect(try await links.messages(.request).map(\.action) == [.cut])
        }
    }

    @Test func whatIsAskedToContinueIsNotWaitedFor() async throws {
        try await served { links, _ in
            try await links.apply(.inject("latency", ["delay": "1ms"], over: .http))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(
                HTTPTalk.request("POST /v1/embeddings", ["Expect: 100-continue", "Content-Length: 5"]))
            #expect(try await talk.answer().status == 100)
            try await talk.peer.send("hello")
            #expect(try await talk.answer().status == 200)
            #expect(try await links.messages(.request).map(\.key) == [key("hello")])
            #expect(try await links.messages(.response).last?.key == key("hello"))
        }
    }

    // MARK: Retry-After

    @Test func aReplyOfAFaultTellsWhenToTryAgain() async throws {
        try await served { links, _ in
            try await links.apply(.status(429, [("Retry-After", "2")]))
            _ = try await HTTPTalk(links).ask("POST /v1/embeddings", body: "x")
            try await links.apply(.status(429, [("Retry-After", "2"), ("retry-after-ms", "150")]))
            _ = try await HTTPTalk(links).ask("POST /v1/embeddings", body: "x")
            #expect(try await links.messages(.response).map(\.retryAfterMilliseconds) == [2000, 150])
            #expect(try await links.messages(.request).allSatisfy { $0.retryAfterMilliseconds == nil })
        }
    }

    @Test func anAnswerTellsWhenToTryAgain() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.http(to: upstream.address)) { links in
            let talk = try await HTTPTalk(links)
            let server = try await { try await upstream.accept() }()
            for header in ["Retry-After: 1", "X-Other: 1", "Retry-After: Tue, 24 Nov 2026 14:10:50 GMT"] {
                try await talk.peer.send(HTTPTalk.request("GET /"))
                try await server.send("HTTP/1.1 503 No\r\n\(header)\r\nContent-Length: 0\r\n\r\n")
                _ = try await talk.answer()
            }
            #expect(try await links.messages(.response).map(\.retryAfterMilliseconds) == [1000, nil, nil])
        }
    }

    @Test func whatAClientWasNotToldIsNotRecorded() async throws {
        let upstream = try PeerListener()
        try await TestLinks.with(.http(to: upstream.address)) { links in
            try await links.apply(.inject("remove-header", ["name": "Retry-After"], over: .http))
            let talk = try await HTTPTalk(links)
            let server = try await upstream.accept()
            try await talk.peer.send(HTTPTalk.request("GET /"))
            try await server.send("HTTP/1.1 503 No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
            _ = try await talk.answer()
            let answer = try #require(try await links.messages(.response).first)
            #expect(answer.action == .edited && answer.retryAfterMilliseconds == nil)
        }
    }
}
