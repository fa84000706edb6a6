import Faults
import Proxy
import Testing
import Wire

/// Faults that look at what messages hold, or remember others, on a link with a real server behind it.
struct ContentSelectorLinkTests {
    private func served(_ body: (TestLinks) async throws -> Void) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { try await body($0) }
    }

    private func marks(_ when: KeyValuePairs<String, String>) throws -> Window {
        try .inject("set-header", ["name": "X-Mark", "value": "here"], when: when, over: .http)
    }

    private func marked(_ links: TestLinks, _ lines: String...) async throws -> [Bool] {
        let talk = try await HTTPTalk(links)
        var found: [Bool] = []
        for line in lines { found.append(try await talk.ask(line).header("X-Mark") == "here") }
        return found
    }

    @Test(arguments: [
        ("header", "x-first", [true, true, false]), ("header", "X-None", [false, false, false]),
        ("path", "/headers/*", [true, true, false]), ("path", "/fixed/2", [false, false, true]),
        ("method", "HEAD", [false, true, false]), ("status", "2xx", [true, true, true]),
        ("status", "404", [false, false, false]), ("key", "a", [true, true, false]),
    ]) func answersAreFoundByWhatTheyHold(selector: String, pattern: String, found: [Bool]) async throws {
        try await served { links in
            try await links.apply(marks([selector: pattern]))
            #expect(try await marked(links, "GET /headers/a", "HEAD /headers/a", "GET /fixed/2") == found)
            #expect(try await links.struck() == found.count { $0 })
        }
    }

    @Test func retriesAlone() async throws {
        try await served { links in
            try await links.apply(.inject("status", ["code": "503"], when: ["retries": "only"], over: .http))
            let talk = try await HTTPTalk(links)
            var statuses: [Int] = []
            for line in ["GET /bucket/a", "GET /bucket/b", "GET /bucket/a", "GET /bucket/c", "GET /bucket/a"] {
                statuses.append(try await talk.ask(line).status)
            }
            #expect(statuses == [200, 200, 503, 200, 503])
        }
    }

    @Test func oneQuotaForAllConnections() async throws {
        try await served { links in
            try await links.apply(.inject("rate-limit", ["limit": "2", "per": "1h"], over: .http))
            let talks = [try await HTTPTalk(links), try await HTTPTalk(links), try await HTTPTalk(links)]
            for (talk, left) in zip(talks, ["1", "0"]) {
                let answer = try await talk.ask("GET /bucket/a")
                #expect(answer.status == 200)
                #expect(answer.header("x-ratelimit-limit-requests") == "2")
                #expect(answer.header("x-ratelimit-remaining-requests") == left)
            }
            let refused = try await talks[2].ask("GET /bucket/a")
            #expect(refused.status == 429)
            let wait = try #require(refused.header("retry-after-ms").flatMap { Int($0) })
            #expect((1...1_800_000).contains(wait))
            #expect(refused.header("retry-after") == "\((wait + 999) / 1000)")
            #expect(try await links.struck() == 1)
            let told = try await links.messages(.response).map(\.retryAfterMilliseconds)
            #expect(told == [nil, nil, wait])
        }
    }

    @Test func aWindowOpensBehindWhatIsOnlySeen() async throws {
        try await served { links in
            let watch = try Window.inject("watch", when: ["path": "/fixed/*"], over: .http)
            let lost = try Window.inject("status", ["code": "500"], id: 2, over: .http)
            try await links.apply(
                watch,
                Window(
                    id: 2, link: "link", selector: lost.selector, fault: lost.fault,
                    opening: .after(window: 1, strikes: 2)))
            let talk = try await HTTPTalk(links)
            var statuses: [Int] = []
            for line in ["GET /fixed/1", "GET /bucket/a", "GET /fixed/2", "GET /bucket/a"] {
                statuses.append(try await talk.ask(line).status)
            }
            #expect(statuses == [200, 200, 200, 500])
            // What was only seen is told as passed on.
            let requests = try await links.messages(.request)
            #expect(requests.map(\.action) == [.forwarded, .forwarded, .forwarded, .replied])
            #expect(requests.map(\.window) == [0, 0, 0, 2])
        }
    }
}
