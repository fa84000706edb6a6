import Faults
import Proxy
import Testing
import Wire

/// What faults do to calls, before a real server that tells what reached it.
struct HTTPFaultTests {
    private func served(_ body: (TestLinks, PythonServer) async throws -> Void) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { try await body($0, server) }
    }

    /// What the server has worked on, asked past the links.
    private func seen(by server: PythonServer) async throws -> String {
        try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body
    }

    private func inject(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], when: KeyValuePairs<String, String> = [:]
    ) throws -> Window {
        try .inject(kind, options, when: when, over: .http)
    }

    // MARK: remove-header

    @Test(arguments: ["Content-Type", "content-TYPE", "X-First", "X-Last", "Server"]) func aHeaderIsMissing(
        name: String
    ) async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            let whole = try await talk.ask("GET /headers/a")
            #expect(whole.header(name) != nil)
            try await links.apply(inject("remove-header", ["name": name]))
            let lacking = try await talk.ask("GET /headers/a")
            #expect(lacking.header(name) == nil)
            #expect(lacking.body == "so")
            #expect(
                lacking.head.split(separator: "\r\n").count == whole.head.split(separator: "\r\n").count - 1)
            try await links.heal()
            #expect(try await talk.ask("GET /headers/a").header(name) != nil)
            #expect(try await links.messages(.response).map(\.action) == [.forwarded, .edited, .forwarded])
            #expect(try await links.messages(.response).map(\.window) == [0, 1, 0])
        }
    }

    @Test func onlyTheNthAnswerLacksIt() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(
                inject("remove-header", ["name": "Content-Type"], when: ["nth": "2", "operation": "GetObject"]))
            let lines = ["GET /headers/a", "HEAD /headers/a", "GET /headers/a", "GET /headers/a"]
            var found: [Bool] = []
            for line in lines { found.append(try await talk.ask(line).header("Content-Type") != nil) }
            #expect(found == [true, true, false, true])
            #expect(try await links.links.progress()[1]?.matched == 3)
        }
    }

    @Test func chunkedAnswersStayWhole() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("remove-header", ["name": "Server"]))
            let answer = try await talk.ask("GET /chunked")
            #expect(answer.header("Server") == nil)
            #expect(answer.body == "onetwothree")
            #expect(try await talk.ask("GET /fixed/2").body == "xx")
        }
    }

    // MARK: status

    @Test func aRefusedCallNeverReachesTheServer() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("status", ["code": "503"], when: ["operation": "PutObject"]))
            let refused = try await talk.ask("PUT /bucket/a", body: "hello")
            #expect(refused.status == 503)
            #expect(refused.body.contains("<Code>SlowDown</Code>"))
            #expect(refused.header("Content-Type") == "application/xml")
            #expect(try await talk.ask("GET /bucket/a").body == "GET /bucket/a 0 e3b0c442")
            #expect(try await seen(by: server) == "GET/bucket/a")
            let messages = try await links.messages()
            #expect(messages.map(\.status) == [0, 503, 0, 200])
            #expect(messages.map(\.action) == [.replied, .replied, .forwarded, .forwarded])
            #expect(messages.map(\.window) == [1, 1, 0, 0])
            #expect(messages.map(\.exchange) == [1, 1, 2, 2])
        }
    }

    @Test func answersKeepTheirOrderWhileEarlierOnesAreOutstanding() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            let direct = HTTPTalk(try await Peer.connect(server.address))
            try await links.apply(inject("status", ["code": "429", "body": "too many"], when: ["nth": "2"]))
            let lines = ["GET /wait/a", "PUT /bucket/b", "GET /fixed/3"]
            try await talk.peer.send(lines.map { HTTPTalk.request($0, body: "hello") }.joined())
            #expect(try await direct.ask("GET /waiting").body == "yes")
            try await links.eventually("three calls are open") { $0.calls == 3 }
            #expect(talk.peer.isQuiet, "an answer overtook an earlier one")
            #expect(try await direct.ask("GET /release").body == "released")
            #expect(try await talk.answer().body == "waited")
            let refused = try await talk.answer()
            #expect(refused.status == 429 && refused.body == "too many")
            #expect(try await talk.answer().body == "xxx")
            #expect(try await seen(by: server).contains("PUT") == false)
            #expect(try await links.messages(.response).map(\.exchange) == [1, 2, 3])
        }
    }

    @Test func aRefusedHeadHasNoBody() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("status", ["code": "404"], when: ["first": "1"]))
            #expect(try await talk.ask("HEAD /bucket/a").status == 404)
            #expect(try await talk.ask("GET /fixed/1").body == "x")
        }
    }

    @Test func headersOfTheRefusal() async throws {
        try await served { links, _ in
            let status = try Window.status(503, [("Retry-After", "2"), ("X-Odd", "é")])
            try await links.apply(status)
            let refused = try await HTTPTalk(links).ask("GET /bucket/a")
            #expect(refused.header("Retry-After") == "2")
            #expect(refused.header("X-Odd") == "é")
        }
    }

    @Test func aClientThatWaitsForContinueIsRefusedAtOnce() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("status", ["code": "503"]))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", ["Expect: 100-continue", "Content-Length: 5"]))
            let refused = try await talk.answer()
            #expect(refused.status == 503)
            #expect(refused.header("Connection") == "close")
            #expect(await talk.peer.ending() == nil)
            #expect(try await seen(by: server) == "")
        }
    }

    /// The client sends its body without waiting, which it may; the refusal must not be lost to a reset over unread bytes.
    @Test func aClientThatDoesNotWaitForContinueReadsItsRefusal() async throws {
        try await served { links, _ in
            try await links.apply(inject("status", ["code": "503"]))
            for round in 0..<20 {
                let talk = try await HTTPTalk(links)
                let body = String(repeating: "z", count: 200_000)
                try? await talk.peer.send(HTTPTalk.request("PUT /bucket/a", ["Expect: 100-continue"], body: body))
                let refused = try? await talk.answer()
                #expect(refused?.status == 503, "round \(round)")
            }
        }
    }

    @Test func aLargeRefusedRequestIsSwallowed() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("status", ["code": "500"], when: ["first": "1"]))
            let body = String(repeating: "z", count: 8 * 1024 * 1024)
            #expect(try await talk.ask("PUT /bucket/a", body: body).status == 500)
            #expect(try await talk.ask("GET /fixed/1").body == "x")
            #expect(try await seen(by: server) == "GET/fixed/1")
            #expect(try await links.messages(.request).map(\.size).first ?? 0 > body.utf8.count)
        }
    }

    @Test func chanceIsTheSameForTheSameCalls() async throws {
        var runs: [[Int]] = []
        for _ in 0..<2 {
            try await served { links, _ in
                let talk = try await HTTPTalk(links)
                try await links.apply(inject("status", ["code": "503"], when: ["probability": "50%"]))
                var statuses: [Int] = []
                for key in 0..<30 { statuses.append(try await talk.ask("GET /bucket/key-\(key)").status) }
                runs.append(statuses)
            }
        }
        #expect(runs[0] == runs[1])
        #expect(Set(runs[0]) == [200, 503])
    }

    // MARK: latency, blackhole, reset

    @Test func delayedCallsKeepTheirOrder() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("latency", ["delay": "100ms"], when: ["nth": "1"]))
            let lines = ["POST /a", "POST /b", "POST /c"]
            try await talk.peer.send(lines.map { HTTPTalk.request($0, body: "hello") }.joined())
            for line in lines { #expect(try await talk.answer().body.hasPrefix(line)) }
            #expect(try await links.messages(.request).map(\.action) == [.delayed, .forwarded, .forwarded])
        }
    }

    @Test func aHeldRequestGoesOnWhenHealed() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("GET /fixed/1").body == "x")
            try await links.apply(inject("blackhole", when: ["direction": "request"]))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.bytes > 0 && $0.calls == 1 }
            #expect(try await seen(by: server) == "GET/fixed/1")
            try await links.heal()
            #expect(try await talk.answer().body == "PUT /bucket/a 5 2cf24dba")
            #expect(try await links.messages(.request).map(\.action) == [.forwarded, .delayed])
        }
    }

    @Test func aHeldAnswerGoesOnWhenHealed() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("blackhole", when: ["direction": "response"]))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.bytes > 0 }
            #expect(try await seen(by: server) == "PUT/bucket/a")
            #expect(talk.peer.isQuiet)
            try await links.heal()
            #expect(try await talk.answer().body == "PUT /bucket/a 5 2cf24dba")
            #expect(try await talk.ask("GET /fixed/1").body == "x")
        }
    }

    /// A late write would accuse a worker that gave up correctly.
    @Test func aHeldRequestIsDroppedWhenItsClientLeaves() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("blackhole"))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            try await links.eventually("it is held") { $0.bytes > 0 }
            talk.peer.close()
            try await links.eventually("the connection is gone") { $0.connections == 0 }
            try await links.heal()
            #expect(try await HTTPTalk(links).ask("GET /fixed/1").body == "x")
            #expect(try await seen(by: server) == "GET/fixed/1")
            #expect(try await links.messages(.request).map(\.action) == [.held, .forwarded])
        }
    }

    @Test func aResetAnswerIsAppliedAndLost() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("reset", when: ["direction": "response"]))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            #expect(await talk.peer.ending() == .reset)
            #expect(try await seen(by: server) == "PUT/bucket/a")
            #expect(try await links.messages().map(\.action) == [.forwarded, .reset])
        }
    }

    @Test func aResetRequestIsNotApplied() async throws {
        try await served { links, server in
            let talk = try await HTTPTalk(links)
            try await links.apply(inject("reset"))
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            #expect(await talk.peer.ending() == .reset)
            #expect(try await seen(by: server) == "")
            #expect(try await links.messages().map(\.action) == [.reset])
        }
    }

    @Test func aNewPlanTakesOverOpenConnections() async throws {
        try await served { links, _ in
            let talks = [try await HTTPTalk(links), try await HTTPTalk(links)]
            var statuses: [[Int]] = []
            for code in [nil, 500, nil, 503, 429, nil] as [Int?] {
                if let code {
                    try await links.apply(inject("status", ["code": "\(code)"]))
                } else {
                    try await links.heal()
                }
                var found: [Int] = []
                for talk in talks { found.append(try await talk.ask("GET /bucket/a").status) }
                statuses.append(found)
            }
            #expect(statuses == [200, 500, 200, 503, 429, 200].map { [$0, $0] })
            #expect(try await links.events().filter { $0.kind == .opened }.count == 2)
        }
    }
}

extension Window {
    /// Calls are answered with this status and these headers.
    static func status(_ code: Int, _ headers: [(String, String)]) throws -> Window {
        let mark = SpecNode.Mark(line: 1, column: 1)
        func entry(_ key: String, _ content: SpecNode.Content) -> SpecNode.Entry {
            SpecNode.Entry(key: key, mark: mark, node: SpecNode(content, at: mark))
        }
        let options = [
            entry("code", .scalar("\(code)")),
            entry("headers", .mapping(headers.map { entry($0.0, .scalar($0.1)) })),
        ]
        let entries = [
            entry("on", .scalar("link")), entry("inject", .mapping([entry("status", .mapping(options))])),
        ]
        let spec = try Spec(file: "a.yaml", root: SpecNode(.mapping(entries), at: mark))
        return try WindowReader.read([spec], links: ["link": .http])[0]
    }
}
