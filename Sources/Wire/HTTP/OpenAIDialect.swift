/// OpenAI's REST API: an operation is the path after the version, `embeddings` or `chat.completions`, with what it names in
/// it as the key: `files.{id}.content`. Azure has a deployment of a model before it.
enum OpenAIDialect: HTTPDialect {
    static func label(_ head: HTTPHead) -> HTTPLabel {
        var segments = HTTPTarget(head.target).segments[...]
        var key = ""
        if segments.first == "openai" {
            segments.removeFirst()
            if segments.first == "deployments", segments.count > 2 {
                key = HTTPTarget.decoded(segments[segments.startIndex + 1])
                segments = segments.dropFirst(2)
            }
        }
        if segments.first == "v1" { segments.removeFirst() }
        guard !segments.isEmpty else { return HTTPLabel("\(head.method) /") }
        var words: [String] = []
        var previous: Substring = ""
        for segment in segments {
            let isNamed = collections.contains(previous) && !actions.contains(segment)
            if isNamed { key = HTTPTarget.decoded(segment) }
            words.append(isNamed ? "{id}" : String(segment))
            previous = isNamed ? "" : segment
        }
        return HTTPLabel(words.joined(separator: "."), key: key, isToldByBody: key.isEmpty || head.method == "POST")
    }

    /// What comes after one of these names one of them.
    private static let collections: Set<Substring> = [
        "assistants", "batches", "completions", "containers", "conversations", "evals", "file_batches", "files",
        "items",
        "jobs", "messages", "models", "responses", "runs", "steps", "threads", "uploads", "vector_stores", "videos",
    ]
    private static let actions: Set<Substring> = ["compact", "input_tokens", "runs"]

    static func errorHeaders(status: Int) -> [Reply.Header] {
        [Reply.Header("x-request-id", "req_faultline")]
    }

    static func errorBody(status: Int, operation: String) -> (type: String, body: String) {
        let (type, code, message) =
            switch status {
            case 401: ("invalid_request_error", "\"invalid_api_key\"", "Incorrect API key provided.")
            case 403:
                (
                    "request_forbidden", "\"unsupported_country_region_territory\"",
                    "Country, region, or territory not supported"
                )
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
