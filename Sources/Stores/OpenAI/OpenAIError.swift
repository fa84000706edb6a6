/// Error answers of the OpenAI API: `{"error": {"message", "type", "param", "code"}}`.
enum OpenAIError {
    static func error(_ response: HTTPResponse, _ request: HTTPRequest) -> StoreError {
        let detail = JSON(response.body)?["error"]
        let code = detail?["code"]?.string ?? detail?["type"]?.string
        var error = response.failure(of: request, code: code, message: detail?["message"]?.string)
        // Embedding changes nothing, so there is nothing that could have been applied.
        error.outcome = .definite
        // A lock time-out, by the official clients' rule.
        if response.status == 409 { error.isTransient = true }
        if code == "insufficient_quota" { error.isTransient = false }
        switch response[header: "x-should-retry"] {
        case "true": error.isTransient = true
        case "false": error.isTransient = false
        default: break
        }
        return error
    }
}
