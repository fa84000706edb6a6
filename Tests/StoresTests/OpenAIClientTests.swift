import Stores
import Testing

@Suite struct OpenAIClientTests {
    let http = HTTPClient()

    private func embed(
        _ body: String, status: String = "200 OK", headers: [String] = [], inputs: [String] = ["a", "b"],
        dimensions: Int = 2, checks: EmbeddingChecks = .all
    ) async throws -> [[Float]] {
        let server = CannedServer(status: status, headers: headers, body: body)
        defer { server.stop() }
        return try await OpenAIClient(endpoint: server.url + "/v1", checks: checks, http: http)
            .embeddings(model: "m", inputs: inputs, dimensions: dimensions)
    }

    @Test func bothEncodingsOfTheStandInAgree() async throws {
        let endpoint = try Servers().endpoints.openai
        var answers: [[[Float]]] = []
        for encoding in [OpenAIClient.Encoding.base64, .float] {
            let client = OpenAIClient(endpoint: endpoint, encoding: encoding, http: http)
            answers.append(
                try await client.embeddings(
                    model: "text-embedding-3-small", inputs: ["one text", "another"], dimensions: 1536))
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0][0] != answers[0][1])
    }

    @Test func floatsAreReadByIndex() async throws {
        let vectors = try await embed(
            #"{"data":[{"index":1,"embedding":[0.5,-2]},{"index":0,"embedding":[1e-3,4]}]}"#)
        #expect(vectors == [[0.001, 4], [0.5, -2]])
    }

    /// Each check that is left out lets through what it is there for, and nothing else.
    @Test func whatIsNotCheckedIsTakenAsItComes() async throws {
        func unchecked(_ check: EmbeddingChecks, _ body: String) async throws -> [[Float]] {
            try await embed(body, checks: EmbeddingChecks.all.subtracting(check))
        }
        let moved = #"{"data":[{"index":1,"embedding":[1,2]},{"index":0,"embedding":[3,4]}]}"#
        #expect(try await unchecked(.index, moved) == [[1, 2], [3, 4]])
        #expect(try await unchecked(.count, moved) == [[3, 4], [1, 2]])
        #expect(try await unchecked(.count, #"{"data":[{"index":1,"embedding":[1,2]}]}"#) == [[], [1, 2]])
        let short = #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[2]}]}"#
        #expect(try await unchecked(.dimensions, short) == [[1], [2]])
        #expect(try await unchecked(.body, #"{"data":[{"ind"#) == [[], []])
        await #expect(throws: StoreError.self) { try await unchecked(.body, short) }
    }

    @Test func base64IsRead() async throws {
        // 1.0 and -2.5 as little-endian 32-bit floats.
        let vectors = try await embed(#"{"data":[{"index":0,"embedding":"AACAPwAAIMA="}]}"#, inputs: ["a"])
        #expect(vectors == [[1, -2.5]])
    }

    @Test func theQuestionIsAsDocumented() async throws {
        let server = CannedServer(body: #"{"data":[{"index":0,"embedding":[1]}]}"#)
        defer { server.stop() }
        let client = OpenAIClient(endpoint: server.url + "/v1/", apiKey: "key", encoding: .float, http: http)
        _ = try await client.embeddings(model: "m", inputs: ["say \"hi\"\n\u{1}"], dimensions: 1)
        let request = server.requests[0]
        #expect(request.hasPrefix("POST /v1/embeddings HTTP/1.1\r\n"))
        #expect(request.contains("Authorization: Bearer key\r\n"))
        #expect(
            request.hasSuffix(
                #"{"dimensions":1,"encoding_format":"float","input":["say \"hi\"\u000a\u0001"],"model":"m"}"#))
    }

    @Test(arguments: [
        #"{"data":[{"index":0,"embedding":[1,2]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":2,"embedding":[1,2]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2,3]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,null]}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":"AAAA"}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1}]}"#,
        #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embe"#,
        "<html>", "",
    ]) func answersThatContradictTheQuestionAreRefused(_ body: String) async throws {
        let error = try await failure { _ = try await embed(body) }
        #expect(error.code == StoreError.Code.badAnswer)
        #expect(error.isTransient)
    }

    @Test func rateLimitsCarryTheirWait() async throws {
        let body = #"{"error":{"message":"slow","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#
        let error = try await failure {
            _ = try await embed(body, status: "429 Too Many", headers: ["retry-after-ms: 1500", "retry-after: 9"])
        }
        #expect(error.code == "rate_limit_exceeded")
        #expect(error.isTransient)
        #expect(error.retryAfter == .milliseconds(1500))
        #expect(error.message.contains("slow"))
    }

    @Test func anEmptyQuotaIsPermanent() async throws {
        let body = #"{"error":{"message":"pay","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#
        let error = try await failure { _ = try await embed(body, status: "429 Too Many") }
        #expect(error.code == "insufficient_quota")
        #expect(!error.isTransient)
    }

    @Test func theServerDecidesOnRetrying() async throws {
        let stop = try await failure { _ = try await embed("", status: "500 X", headers: ["x-should-retry: false"]) }
        #expect(!stop.isTransient)
        let retry = try await failure { _ = try await embed("", status: "400 X", headers: ["x-should-retry: true"]) }
        #expect(retry.isTransient)
        #expect(retry.code == "400")
    }

    @Test func aBadKeyIsPermanent() async throws {
        let body = #"{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#
        let error = try await failure { _ = try await embed(body, status: "401 Unauthorized") }
        #expect(error.code == "invalid_api_key")
        #expect(!error.isTransient)
        #expect(error.outcome == .definite)
    }
}
