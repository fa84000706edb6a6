/// OpenAI's REST API: an operation is the path after the version, `embeddings` or `chat.completions`.
enum OpenAIDialect: HTTPDialect {
    static func label(_ head: HTTPHead) -> HTTPLabel {
        var segments = HTTPTarget(head.target).segments
        if segments.first == "v1" { segments.removeFirst() }
        guard !segments.isEmpty else { return HTTPLabel("\(head.method) /") }
        return HTTPLabel(segments.joined(separator: "."))
    }

    static func errorBody(status: Int) -> (type: String, body: String) {
        let (type, code, message) =
            switch status {
            case 401: ("invalid_request_error", "\"invalid_api_key\"", "Incorrect API key provided.")
            case 404: ("invalid_request_error", "\"model_not_found\"", "The model does not exist.")
            case 429: ("requests", "\"rate_limit_exceeded\"", "Rate limit reached for requests.")
            case 400..<500: ("invalid_request_error", "null", "The request failed with status \(status).")
            case 503: ("server_error", "null", "The engine is currently overloaded, please try again later.")
            default: ("server_error", "null", "The server had an error while processing your request.")
            }
        let body = #"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":\#(code)}}"#
        return ("application/json", body)
    }
}
