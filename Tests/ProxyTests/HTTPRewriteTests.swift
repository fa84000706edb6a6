import Faults
import Proxy
import Testing
import Wire

/// Answers whose bodies are changed on their way.
struct HTTPRewriteTests {
    private static let vectors = #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[2]}]}"#

    /// What the client gets of an answer while a window is open.
    private func answered(
        _ answer: String, _ kind: String, _ options: KeyValuePairs<String, String> = [:],
        check: (HTTPTalk.Answer, TestLinks) async throws -> Void
    ) async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(service: .openai, to: listener.address)) { links in
            try await links.apply(.inject(kind, options, over: .http, service: .openai))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("POST /v1/embeddings", body: "{}"))
            let server = try await listener.accept()
            _ = try await server.receive()
            try await server.send(answer)
            try await check(try await talk.answer(), links)
        }
    }

    private static func plain(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func anotherBodyHasItsOwnLength() async throws {
        try await answered(Self.plain(Self.vectors), "drop-embedding") { answer, links in
            #expect(answer.body == #"{"data":[{"index":0,"embedding":[1]}]}"#)
            let (struck, actions) = (try await links.struck(), try await links.messages(.response).map(\.action))
            #expect(struck == 1)
            #expect(actions == [.edited])
        }
    }

    @Test func chunksBecomeOneBody() async throws {
        let size = String(Self.vectors.utf8.count, radix: 16)
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(Self.vectors)\r\n0\r\n\r\n"
        try await answered(chunked, "reorder-embeddings") { answer, _ in
            #expect(answer.header("Transfer-Encoding") == nil)
            #expect(answer.body == #"{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}"#)
        }
    }

    @Test(arguments: [("malformed-body", "plain"), ("drop-embedding", #"{"data":[]}"#)])
    func whatIsOfAnotherKindPassesAndThatIsSaid(kind: String, body: String) async throws {
        try await answered(Self.plain(body), kind) { answer, links in
            #expect(answer.body == body)
            let progress = try await links.links.progress()[1]
            #expect(progress?.struck == 0)
            #expect(progress?.notApplied == 1)
            let actions = try await links.messages(.response).map(\.action)
            #expect(actions == [.forwarded])
        }
    }

    @Test func aBodyThatIsTooLongPassesAndThatIsSaid() async throws {
        try await answered(Self.plain(Self.vectors), "malformed-body", ["up-to": "10B"]) { answer, links in
            #expect(answer.body == Self.vectors)
            let progress = try await links.links.progress()[1]
            #expect(progress?.notApplied == 1)
        }
    }
}
