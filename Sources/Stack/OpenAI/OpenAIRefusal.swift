import Foundation
import Hummingbird

/// A request that the API does not grant, in its own words. Texts are from memory of the real API's answers.
struct OpenAIRefusal: Error, Hashable, Sendable {
    var status: HTTPResponse.Status
    var message: String
    var type = "invalid_request_error"
    var param: String?
    var code: String?

    /// `{"error": {"message", "type", "param", "code"}}`, each key always there.
    var body: String {
        """
        {
            "error": {
                "message": \(Self.quoted(message)),
                "type": \(Self.quoted(type)),
                "param": \(param.map(Self.quoted) ?? "null"),
                "code": \(code.map(Self.quoted) ?? "null")
            }
        }

        """
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20: quoted += String(format: "\\u%04x", scalar.value)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    static func badRequest(_ message: String, param: String? = nil, code: String? = nil) -> Self {
        Self(status: .badRequest, message: message, param: param, code: code)
    }

    static let malformedJSON = badRequest(
        """
        We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library \
        correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)
        """)
    static let noModel = badRequest("you must provide a model parameter")
    static let invalidInput = badRequest("'$.input' is invalid. Please check the API reference.")

    static func unknownModel(_ id: String) -> Self {
        Self(
            status: .notFound, message: "The model `\(id)` does not exist or you do not have access to it.",
            code: "model_not_found")
    }

    static let missingKey = Self(
        status: .unauthorized,
        message: """
            You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth \
            (i.e. Authorization: Bearer YOUR_KEY).
            """)

    static func incorrectKey(_ key: String) -> Self {
        let shown = key.count > 12 ? "\(key.prefix(8))***\(key.suffix(4))" : String(repeating: "*", count: key.count)
        return Self(
            status: .unauthorized, message: "Incorrect API key provided: \(shown).", code: "invalid_api_key")
    }

    static func unknownRoute(_ method: String, _ path: String) -> Self {
        Self(status: .notFound, message: "Invalid URL (\(method) \(path))")
    }

    static func wrongMethod(_ method: String, _ path: String) -> Self {
        Self(
            status: .methodNotAllowed,
            message: "Not allowed to \(method) on \(path). (HINT: Perhaps you meant to use a different HTTP method?)")
    }

    static func tooLarge(limit: Int) -> Self {
        Self(status: .contentTooLarge, message: "Maximum content size limit (\(limit)) exceeded")
    }
}
