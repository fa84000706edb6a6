import Proxy
import Stores
import Testing
import Wire

/// A quota of the real size, and the client that knows what to make of it.
@Suite(.serialized) struct RateLimitTests {
    private static let limit = "rate-limit: { limit: 60, per: 1m }"

    @Test func openaiWaitsAsItIsToldAndEndsWell() async throws {
        let client = Client.openai(attempts: 3)
        let window = try ClientCell(client, "embed-often", Self.limit, at: "embeddings", .gives(66)).window()
        try await ClientLinks.with(.openai) { links in
            try await links.apply(window)
            let outcome = try await client.perform("embed-often", at: links.address, token: ClientServers.token())
            #expect(outcome == .value(66), "\(outcome)")
            let struck = try await links.struck()
            let events = try await links.events().filter { $0.kind == .message && $0.operation == "embeddings" }
            let requests = events.filter { $0.direction == .request }.sorted { $0.time < $1.time }
            let refusals = events.filter { $0.direction == .response && $0.status == 429 }
            #expect(!refusals.isEmpty)
            #expect(refusals.count == struck)
            #expect(requests.count == 66 + refusals.count)
            for refusal in refusals {
                #expect(refusal.action == .replied)
                #expect(refusal.window == 1)
                let told = try #require(refusal.retryAfterMilliseconds)
                let next = try #require(requests.first { $0.time > refusal.end })
                #expect(next.time - refusal.end >= Int64(told) * 1_000_000, "it was told to wait for \(told) ms")
            }
        }
    }

    @Test func answersTellWhatIsLeftOfTheQuota() async throws {
        let window = try ClientCell(.openai, "raw", Self.limit, at: "embeddings", .gives(.null)).window()
        try await ClientLinks.with(.openai) { links in
            try await links.apply(window)
            let outcome = try await Client.openai.perform("raw", at: links.address, token: "")
            guard case .value(let headers) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(headers["x-ratelimit-limit-requests"] == "60")
            #expect(headers["x-ratelimit-remaining-requests"] == "59")
        }
    }
}
