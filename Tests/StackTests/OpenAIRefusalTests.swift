import Foundation
import Testing

/// What the stand-in refuses, with the status and the error of the real API.
struct OpenAIRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = "POST"
        var path = "/v1/embeddings"
        var body: String?
        var key: String? = "test"
        var type = "application/json"
        let status: Int
        var code: String?
        var param: String?
        let message: String
    }

    private static func embed(_ rest: String, model: String = "text-embedding-3-small") -> String {
        #"{"model": "\#(model)", \#(rest)}"#
    }

    private static func repeated(_ element: String, _ count: Int) -> String {
        "[" + Array(repeating: element, count: count).joined(separator: ",") + "]"
    }

    static let cases = [
        Case(
            testDescription: "no key", body: embed(#""input": "x""#), key: nil, status: 401,
            message: "You didn't provide an API key."),
        Case(
            testDescription: "a key that is no key", body: embed(#""input": "x""#), key: "whatever", status: 401,
            code: "invalid_api_key", message: "Incorrect API key provided: ********."),
        Case(
            testDescription: "an invalid key", body: embed(#""input": "x""#), key: "sk-invalid-0123456789", status: 401,
            code: "invalid_api_key", message: "Incorrect API key provided: sk-inval***6789."),
        Case(
            testDescription: "unknown model", body: embed(#""input": "x""#, model: "gpt \"5\""), status: 400,
            message: "We could not parse the JSON body"),
        Case(
            testDescription: "another unknown model", body: embed(#""input": "x""#, model: "text-embedding-9"),
            status: 404,
            code: "model_not_found", message: "The model `text-embedding-9` does not exist"),
        Case(
            testDescription: "no model", body: #"{"input": "x"}"#, status: 400,
            message: "you must provide a model parameter"),
        Case(
            testDescription: "a form", body: "model=x", type: "application/x-www-form-urlencoded", status: 400,
            message: "you must provide a model parameter"),
        Case(
            testDescription: "no input", body: #"{"model": "text-embedding-3-small"}"#, status: 400,
            message: "'$.input' is invalid."),
        Case(
            testDescription: "an empty list", body: embed(#""input": []"#), status: 400,
            message: "'$.input' is invalid."),
        Case(testDescription: "a number", body: embed(#""input": 7"#), status: 400, message: "'$.input' is invalid."),
        Case(
            testDescription: "mixed kinds", body: embed(#""input": ["a", 7]"#), status: 400,
            message: "'$.input' is invalid."),
        Case(
            testDescription: "an empty text", body: embed(#""input": """#), status: 400, code: "invalid_value",
            param: "input", message: "Invalid 'input[0]': input cannot be an empty string."),
        Case(
            testDescription: "an empty text in a batch", body: embed(#""input": ["a", ""]"#), status: 400,
            code: "invalid_value", param: "input", message: "Invalid 'input[1]': input cannot be an empty string."),
        Case(
            testDescription: "too many inputs", body: embed(#""input": \#(repeated("\"a\"", 2049))"#), status: 400,
            code: "array_above_max_length", param: "input",
            message: "Invalid 'input': array too long. Expected an array with maximum length 2048"),
        Case(
            testDescription: "too many tokens", body: embed(#""input": \#(repeated("1", 8193))"#), status: 400,
            message: "This model's maximum context length is 8192 tokens, however you requested 8193 tokens"),
        Case(
            testDescription: "too many words", body: embed(#""input": "\#(String(repeating: "a ", count: 8193))""#),
            status: 400, message: "This model's maximum context length is 8192 tokens"),
        Case(
            testDescription: "too many tokens in all",
            body: embed(#""input": \#(repeated("\"" + String(repeating: "a ", count: 8000) + "\"", 38))"#), status: 400,
            code: "max_tokens_per_request", message: "Requested 304000 tokens, max 300000 tokens per request"),
        Case(
            testDescription: "dimensions of ada",
            body: embed(#""input": "x", "dimensions": 8"#, model: "text-embedding-ada-002"),
            status: 400, message: "This model does not support specifying dimensions."),
        Case(
            testDescription: "no dimensions", body: embed(#""input": "x", "dimensions": 0"#), status: 400,
            code: "integer_below_min_value", param: "dimensions", message: "Invalid 'dimensions': integer below minimum"
        ),
        Case(
            testDescription: "too many dimensions", body: embed(#""input": "x", "dimensions": 1537"#), status: 400,
            message: "Invalid value for 'dimensions' = 1537. Must be less than or equal to 1536."),
        Case(
            testDescription: "dimensions in words", body: embed(#""input": "x", "dimensions": "8""#), status: 400,
            code: "invalid_type", param: "dimensions", message: "Invalid type for 'dimensions': expected an integer."),
        Case(
            testDescription: "an unknown encoding", body: embed(#""input": "x", "encoding_format": "hex""#),
            status: 400,
            code: "invalid_value", param: "encoding_format",
            message: "Invalid value: 'hex'. Supported values are: 'float' and 'base64'."),
        Case(
            testDescription: "an unknown argument", body: embed(#""input": "x", "size": 3"#), status: 400,
            message: "Unrecognized request argument supplied: size"),
        Case(
            testDescription: "half a JSON", body: #"{"model": "text-embedding-3-small", "inp"#, status: 400,
            message: "We could not parse the JSON body of your request."),
        Case(testDescription: "no JSON object", body: "[]", status: 400, message: "We could not parse the JSON body"),
        Case(testDescription: "nothing", body: "", status: 400, message: "We could not parse the JSON body"),
        Case(
            testDescription: "an unknown route", path: "/v1/embedding", body: "{}", status: 404,
            message: "Invalid URL (POST /v1/embedding)"),
        Case(
            testDescription: "a wrong method", method: "GET", status: 405,
            message: "Not allowed to GET on /v1/embeddings."),
        Case(
            testDescription: "an unknown model asked for", method: "GET", path: "/v1/models/none", status: 404,
            code: "model_not_found", message: "The model `none` does not exist"),
    ]

    @Test(arguments: cases)
    func refused(item: Case) async throws {
        let answer = try await OpenAIServer.serving { server in
            try await server.send(item.method, item.path, item.body, key: item.key, type: item.type)
        }
        #expect(answer.status == item.status)
        #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
        #expect(Set(answer.error.keys) == ["message", "type", "param", "code"])
        #expect(answer.error["code"] as? String == item.code)
        #expect(answer.error["param"] as? String == item.param)
        let message = try #require(answer.error["message"] as? String)
        #expect(message.hasPrefix(item.message))
    }

    @Test func anyKeyOfTheRightFormAndConfiguredOnesAreAccepted() async throws {
        let statuses = try await OpenAIServer.serving(keys: ["mine"]) { server in
            var statuses: [Int] = []
            for key in ["sk-anything", "mine", "test"] {
                statuses.append(try await server.send("GET", "/v1/models", key: key).status)
            }
            return statuses
        }
        #expect(statuses == [200, 200, 401])
    }

    @Test func modelsAreListed() async throws {
        let (list, one) = try await OpenAIServer.serving { server in
            (
                try await server.send("GET", "/v1/models"),
                try await server.send("GET", "/v1/models/text-embedding-3-large")
            )
        }
        let ids = (list.object["data"] as? [[String: Any]] ?? []).map { $0["id"] as? String }
        #expect(ids == ["text-embedding-3-small", "text-embedding-3-large", "text-embedding-ada-002"])
        #expect(one.object["id"] as? String == "text-embedding-3-large")
        #expect(one.object["object"] as? String == "model")
    }
}
