import Faults
import Testing
import Wire

/// A service that takes so many requests in a time.
struct RateLimitTests {
    private let request = Message(direction: .request, operation: "embeddings")

    private func windows(
        on link: String = "openai", _ options: KeyValuePairs<String, String> = ["limit": "2", "per": "1m"],
        when: [(String, String)] = []
    ) throws -> LinkWindows {
        let window = try Yaml.window(on: link, when: when, inject: "rate-limit", options)
        return LinkWindows(link: link).replaced(by: Plan(windows: [window], seed: 1))
    }

    @Test func belowTheLimitAnswersTellWhatIsLeft() throws {
        var link = try windows()
        let decision = link.decide(request, call: 1, at: .seconds(5))
        #expect(
            decision.answerEdits == [
                .setHeader("x-ratelimit-limit-requests", to: "2"),
                .setHeader("x-ratelimit-remaining-requests", to: "1"),
                .setHeader("x-ratelimit-reset-requests", to: "30s"),
            ])
        #expect(decision.isUntouched)
        #expect(link.progress(at: .zero)[1]?.struck == 0)
    }

    @Test func aboveItTheRequestIsRefusedAndToldHowLongToWait() throws {
        var link = try windows()
        for call in 1...2 as ClosedRange<UInt64> {
            _ = link.decide(request, call: call, connection: Int(call), at: .zero)
        }
        let decision = link.decide(request, call: 3, connection: 3, at: .milliseconds(500))
        #expect(
            decision.ending
                == .reply(
                    .http(
                        status: 429,
                        headers: [
                            .init("retry-after", "30"), .init("retry-after-ms", "29500"),
                            .init("x-ratelimit-limit-requests", "2"), .init("x-ratelimit-remaining-requests", "0"),
                            .init("x-ratelimit-reset-requests", "59.5s"),
                        ], body: nil)))
        #expect(link.progress(at: .zero)[1] == .init(matched: 3, struck: 1, opened: .zero))
        // Whoever waits as told is let through.
        let later = link.decide(request, call: 3, at: .milliseconds(30_000))
        #expect(later.ending == .forward)
    }

    private func headers(_ decision: Decision) -> [String: String] {
        guard case .reply(.http(_, let headers, _)) = decision.ending else { return [:] }
        return Dictionary(headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    @Test func theWaitMayBeGiven() throws {
        var link = try windows(["limit": "1", "per": "1h", "retry-after": "1500ms"])
        _ = link.decide(request, call: 1, at: .zero)
        let refused = headers(link.decide(request, call: 1, at: .zero))
        #expect(refused["retry-after"] == "2" && refused["retry-after-ms"] == "1500")
        #expect(refused["x-ratelimit-reset-requests"] == "1h0m0s")
    }

    @Test(arguments: [
        ("12ms", "12ms"), ("1s", "1s"), ("8640ms", "8.64s"), ("6m", "6m0s"), ("90500ms", "1m30.5s"),
        ("3723s", "1h2m3s"), ("1us", "1ms"), ("1001ms", "1.001s"),
    ]) func durationsAreWrittenAsOpenAIWritesThem(period: String, words: String) throws {
        var link = try windows(["limit": "1", "per": period])
        let decision = link.decide(request, call: 1, at: .zero)
        #expect(decision.answerEdits.last == .setHeader("x-ratelimit-reset-requests", to: words))
    }

    @Test func s3RefusesWithItsOwnStatus() throws {
        for (service, status) in [("s3", 503), ("openai", 429), ("web", 429)] {
            var link = try windows(on: service, ["limit": "1", "per": "1m"])
            _ = link.decide(request, call: 1, at: .zero)
            guard case .reply(.http(status, _, nil)) = link.decide(request, call: 1, at: .zero).ending else {
                Issue.record("\(service) refuses otherwise")
                continue
            }
        }
    }

    /// What is let through uses up the quota, and nothing of `at-most`.
    @Test func countsAreOfRefusals() throws {
        var link = try windows(when: [("at-most", "1")])
        let refused = (0..<4).map { _ in link.decide(request, call: 1, at: .zero).isFinal }
        #expect(refused == [false, false, true, false])
    }

    @Test func whatIsNotSelectedCostsNothing() throws {
        var link = try windows(when: [("operation", "embeddings")])
        let other = Message(direction: .request, operation: "models")
        for _ in 0..<5 { _ = link.decide(other, call: 1, at: .zero) }
        let decision = link.decide(request, call: 1, at: .zero)
        #expect(decision.answerEdits.contains(.setHeader("x-ratelimit-remaining-requests", to: "1")))
    }

    @Test func theQuotaGoesOnFromPlanToPlan() throws {
        let window = try Yaml.window(on: "openai", inject: "rate-limit", ["limit": "1", "per": "1m"])
        var link = LinkWindows(link: "openai").replaced(by: Plan(windows: [window], seed: 1))
        _ = link.decide(request, call: 1, at: .seconds(100))
        link = link.replaced(by: Plan(windows: [window], seed: 1), at: .seconds(110))
        let refused = headers(link.decide(request, call: 1, at: .zero))
        #expect(refused["retry-after"] == "50")
    }
}
