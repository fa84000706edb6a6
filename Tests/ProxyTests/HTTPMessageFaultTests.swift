import Faults
import Proxy
import Testing
import Wire

/// What the faults that every protocol with messages has do to HTTP calls, before a real server that tells what reached it.
struct HTTPMessageFaultTests {
    private func served(_ body: (TestLinks, PythonServer) async throws -> Void) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { try await body($0, server) }
    }

    private func seen(by server: PythonServer) async throws -> String {
        try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body
    }

    private func inject(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], when: KeyValuePairs<String, String> = [:]
    ) throws -> Window {
        try .inject(kind, options, when: when, over: .http, service: .s3)
    }

    // MARK: Lost

    @Test func aLostRequestIsNeverApplied() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("GET /fixed/1").body == "x")
            try await links.apply(inject("lose-request", when: ["operation": "PutObject"]))
            await #expect(throws: Peer.Failure.reset) { _ = try await talk.ask("PUT /bucket/a", body: "hello") }
            #expect(try await seen(by: server) == "GET/fixed/1")
            #expect(try await links.messages(.request).map(\.action) == [.forwarded, .lost])
            #expect(try await links.struck() == 1)
        }
    }

    @Test func aLostAnswerIsThatOfARequestThatWasApplied() async throws {
        try await served { links, server in
            try await links.apply(inject("lose-response", when: ["operation": "PutObject"]))
            let talk = try await HTTPTalk(links)
            await #expect(throws: Peer.Failure.reset) { _ = try await talk.ask("PUT /bucket/a", body: "hello") }
            #expect(try await seen(by: server) == "PUT/bucket/a")
            #expect(try await links.messages().map(\.action) == [.forwarded, .lost])
        }
    }

    /// The answer is awaited whole, so the service has done all of its work.
    @Test func aLargeAnswerIsLostWhole() async throws {
        try await served { links, _ in
            try await links.apply(inject("lose-response"))
            let talk = try await HTTPTalk(links)
            await #expect(throws: Peer.Failure.reset) { _ = try await talk.ask("GET /big/3000000") }
            #expect(try await links.messages(.response).map(\.size).first ?? 0 > 3_000_000)
        }
    }

    @Test func earlierAnswersOfAPipelineArriveBeforeOneIsLost() async throws {
        try await served { links, _ in
            try await links.apply(inject("lose-response", when: ["nth": "3"]))
            let talk = try await HTTPTalk(links)
            let lines = ["POST /a", "POST /b", "POST /c"]
            try await talk.peer.send(lines.map { HTTPTalk.request($0, body: "hello") }.joined())
            #expect(try await talk.answer().body.hasPrefix("POST /a"))
            #expect(try await talk.answer().body.hasPrefix("POST /b"))
            await #expect(throws: Peer.Failure.reset) { _ = try await talk.answer() }
        }
    }

    // MARK: Hung

    @Test func aHungRequestNeverPassesAndItsConnectionIsResetWhenHealed() async throws {
        try await served { links, server in
            try await links.apply(inject("hang-request", when: ["operation": "PutObject"]))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.calls == 1 && $0.bytes > 0 }
            #expect(try await HTTPTalk(links).ask("GET /fixed/1").body == "x", "others go on")
            #expect(talk.peer.isQuiet)
            try await links.heal()
            await #expect(throws: Peer.Failure.reset) { _ = try await talk.answer() }
            #expect(try await seen(by: server) == "GET/fixed/1")
            #expect(try await links.messages(.request).contains { $0.action == .hung && $0.window == 1 })
        }
    }

    @Test func aHungAnswerIsThatOfARequestThatWasApplied() async throws {
        try await served { links, server in
            try await links.apply(inject("hang-response", when: ["operation": "PutObject"]))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("its answer is held") { $0.calls == 1 && $0.bytes > 0 }
            #expect(try await seen(by: server) == "PUT/bucket/a")
            talk.peer.close()
            try await links.eventually("the client has left") { $0.connections == 0 }
            #expect(try await links.messages(.response).map(\.action) == [.held])
        }
    }

    // MARK: Twice, or refused after

    @Test func aDuplicateRequestReachesTheServiceTwice() async throws {
        try await served { links, server in
            try await links.apply(inject("duplicate-request", when: ["operation": "PutObject", "first": "1"]))
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("PUT /bucket/a", body: "hello").body == "PUT /bucket/a 5 2cf24dba")
            try await links.eventually("the second is answered too") { $0.calls == 0 }
            #expect(try await talk.ask("GET /fixed/3").body == "xxx", "the second answer went nowhere")
            #expect(try await seen(by: server) == "PUT/bucket/a PUT/bucket/a GET/fixed/3")
            #expect(try await links.struck() == 1)
            let messages = try await links.messages()
            #expect(messages.map(\.exchange) == [1, 1, 1, 2, 2])
            #expect(messages.map(\.action) == [.duplicated, .forwarded, .duplicated, .forwarded, .forwarded])
        }
    }

    /// The service may still be at it when the client has its answer.
    @Test func theSecondOfTwoIsUnderWayUntilItIsAnswered() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(service: .s3, to: listener.address)) { links in
            try await links.apply(inject("duplicate-request"))
            let talk = try await HTTPTalk(links)
            let request = HTTPTalk.request("PUT /bucket/a", body: "hello")
            try await talk.peer.send(request)
            let server = try await listener.accept()
            #expect(try await server.receive(request.utf8.count * 2) == Array((request + request).utf8))
            try await server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(try await talk.answer().status == 200)
            #expect(try await links.links.inFlight().calls == 1)
            try await server.send("HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n")
            try await links.eventually("both are answered") { $0.calls == 0 }
        }
    }

    @Test func aRequestThatIsTooLongIsNotSentTwiceAndThatIsSaid() async throws {
        try await served { links, server in
            try await links.apply(inject("duplicate-request", ["up-to": "4B"]))
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("PUT /bucket/a", body: "hello").status == 200)
            #expect(try await talk.ask("PUT /bucket/a", body: "four").status == 200)
            #expect(try await seen(by: server) == "PUT/bucket/a PUT/bucket/a PUT/bucket/a")
            let progress = try await links.links.progress()[1]
            #expect(progress?.struck == 1)
            #expect(progress?.notApplied == 1)
        }
    }

    @Test func anErrorAfterApplyReplacesTheAnswer() async throws {
        try await served { links, server in
            try await links.apply(inject("error-after-apply", when: ["operation": "PutObject"]))
            let talk = try await HTTPTalk(links)
            let refused = try await talk.ask("PUT /bucket/a", body: "hello")
            #expect(refused.status == 503)
            #expect(refused.body.contains("<Code>SlowDown</Code>"))
            #expect(try await talk.ask("GET /fixed/3").body == "xxx")
            #expect(try await seen(by: server) == "PUT/bucket/a GET/fixed/3")
            #expect(try await links.messages(.response).map(\.action) == [.replied, .forwarded])
            #expect(try await links.struck() == 1)
        }
    }

    @Test func whatTheServiceRefusedItselfIsNotRefusedAgain() async throws {
        try await served { links, _ in
            try await links.apply(inject("error-after-apply"))
            #expect(try await HTTPTalk(links).ask("GET /status/404").status == 404)
            let progress = try await links.links.progress()[1]
            #expect(progress?.struck == 0)
            #expect(progress?.notApplied == 1)
        }
    }

    @Test(arguments: ["GET /chunked", "HEAD /fixed/3", "GET /until-close"]) func everyFormOfAnswerIsReplaced(
        line: String
    ) async throws {
        try await served { links, _ in
            try await links.apply(inject("error-after-apply"))
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask(line).status == 503)
            if !line.contains("close") {
                try await links.heal()
                #expect(try await talk.ask("GET /fixed/1").body == "x")
            }
        }
    }

    @Test(arguments: [("error", 503), ("permanent-error", 403)]) func aRefusalIsTheServicesOwn(
        kind: String, status: Int
    ) async throws {
        try await served { links, server in
            try await links.apply(inject(kind))
            let refused = try await HTTPTalk(links).ask("PUT /bucket/a", body: "hello")
            #expect(refused.status == status)
            #expect(refused.body.contains("<Error><Code>"))
            #expect(try await seen(by: server) == "")
        }
    }

    // MARK: Framing

    @Test func aBodyIsShorterThanItsHeadSays() async throws {
        try await served { links, _ in
            try await links.apply(inject("wrong-length", ["by": "10B"]))
            let talk = try await HTTPTalk(links)
            await #expect(throws: Peer.Failure.other(0)) { _ = try await talk.ask("GET /fixed/3") }
            #expect(try await links.messages(.response).map(\.action) == [.edited])
        }
    }

    @Test func anAnswerTellsOfTheQuotaUntilItIsSpent() async throws {
        try await served { links, server in
            try await links.apply(inject("rate-limit", ["limit": "2", "per": "1h"]))
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("GET /fixed/1").header("x-ratelimit-remaining-requests") == "1")
            #expect(try await talk.ask("GET /fixed/1").header("x-ratelimit-remaining-requests") == "0")
            let refused = try await talk.ask("GET /fixed/1")
            #expect(refused.status == 503 || refused.status == 429)
            #expect(refused.header("retry-after") != nil)
            #expect(try await seen(by: server) == "GET/fixed/1 GET/fixed/1")
            #expect(try await links.struck() == 1)
        }
    }
}
