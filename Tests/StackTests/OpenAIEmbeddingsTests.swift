import Foundation
import Stack
import Testing

/// `POST /v1/embeddings` over HTTP: what is granted, and what comes back.
struct OpenAIEmbeddingsTests {
    @Test func oneText() async throws {
        let answer = try await OpenAIServer.serving { server in
            try await server.send(
                "POST", "/v1/embeddings", #"{"model": "text-embedding-3-small", "input": "Hello, world"}"#)
        }
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/json")
        #expect(answer.object["object"] as? String == "list")
        #expect(answer.object["model"] as? String == "text-embedding-3-small")
        let entry = try #require((answer.object["data"] as? [[String: Any]])?.first)
        #expect(entry["object"] as? String == "embedding")
        #expect(entry["index"] as? Int == 0)
        #expect(answer.vectors == [EmbeddingVector.of("Hello, world")])
        // Two words and a comma.
        #expect(answer.tokens == 3)
    }

    @Test(arguments: ["float", "base64"])
    func aBatchInEitherEncoding(encoding: String) async throws {
        let texts = (0..<5).map { "text number \($0)" }
        let inputs = texts.map { "\"\($0)\"" }.joined(separator: ",")
        let answer = try await OpenAIServer.serving { server in
            try await server.send(
                "POST", "/v1/embeddings",
                #"{"model": "text-embedding-3-small", "input": [\#(inputs)], "encoding_format": "\#(encoding)"}"#)
        }
        let expected = texts.map { EmbeddingVector.of($0) }
        #expect(answer.vectors.count == 5)
        for (found, expected) in zip(answer.vectors, expected) {
            #expect(found.count == 1536)
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
        }
        #expect(answer.tokens == 15)
    }

    @Test(arguments: [
        ("text-embedding-3-small", nil, 1536), ("text-embedding-3-small", 1, 1), ("text-embedding-3-small", 256, 256),
        ("text-embedding-3-small", 1536, 1536), ("text-embedding-3-large", nil, 3072),
        ("text-embedding-3-large", 3072, 3072), ("text-embedding-ada-002", nil, 1536),
    ])
    func dimensions(model: String, asked: Int?, expected: Int) async throws {
        let option = asked.map { #", "dimensions": \#($0)"# } ?? ""
        let answer = try await OpenAIServer.serving { server in
            try await server.send("POST", "/v1/embeddings", #"{"model": "\#(model)", "input": "x"\#(option)}"#)
        }
        let found = try #require(answer.vectors.first)
        let derived = EmbeddingVector.of("x", dimensions: expected, model: model)
        #expect(found.count == expected)
        #expect(zip(found, derived).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test(arguments: [("[1, 2, 3]", 1, 3), ("[[1, 2], [3]]", 2, 3), (#"["a", "b"]"#, 2, 2)])
    func arraysOfEachKind(input: String, vectors: Int, tokens: Int) async throws {
        let answer = try await OpenAIServer.serving { server in
            try await server.send("POST", "/v1/embeddings", #"{"model": "text-embedding-3-small", "input": \#(input)}"#)
        }
        #expect(answer.vectors.count == vectors)
        #expect(Set(answer.vectors).count == vectors)
        #expect(answer.tokens == tokens)
    }

    @Test func asManyInputsAndTokensAsAllowed() async throws {
        let tokens = Array(repeating: "7", count: 8192).joined(separator: ",")
        let texts = Array(repeating: "\"a\"", count: 2048).joined(separator: ",")
        let statuses = try await OpenAIServer.serving { server in
            let long = try await server.send(
                "POST", "/v1/embeddings",
                #"{"model": "text-embedding-3-small", "input": [\#(tokens)], "dimensions": 2}"#)
            let many = try await server.send(
                "POST", "/v1/embeddings", #"{"model": "text-embedding-3-small", "input": [\#(texts)], "dimensions": 2}"#
            )
            return [long.status, many.status]
        }
        #expect(statuses == [200, 200])
    }

    @Test func everyAnswerHasTheHeadersOfTheRealOne() async throws {
        let (good, bad) = try await OpenAIServer.serving { server in
            let good = try await server.send(
                "POST", "/v1/embeddings", #"{"model": "text-embedding-3-small", "input": "one two three"}"#)
            return (good, try await server.send("GET", "/v1/nowhere"))
        }
        for answer in [good, bad] {
            #expect(answer.headers["x-request-id"]?.wholeMatch(of: /req_[0-9a-f]{32}/) != nil)
            #expect(answer.headers["openai-processing-ms"].flatMap { Int($0) } != nil)
            #expect(answer.headers["openai-version"] == "2020-10-01")
        }
        #expect(good.headers["x-request-id"] != bad.headers["x-request-id"])
        #expect(good.headers["x-ratelimit-limit-requests"] == "10000")
        #expect(good.headers["x-ratelimit-remaining-requests"] == "9999")
        #expect(good.headers["x-ratelimit-reset-requests"] == "6ms")
        #expect(good.headers["x-ratelimit-limit-tokens"] == "10000000")
        #expect(good.headers["x-ratelimit-remaining-tokens"] == "9999997")
        #expect(good.headers["x-ratelimit-reset-tokens"] == "0ms")
    }
}
