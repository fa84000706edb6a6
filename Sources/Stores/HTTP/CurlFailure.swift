internal import CCurl

/// Why a transfer gave no answer, in libcurl's words and ours.
struct CurlFailure {
    var code: CURLcode
    var detail: String
    var isRepetitionRefused: Bool
    var isSent: Bool
    /// What a callback of ours, or the caller, ended it for.
    var reason: Interruption?

    func error(of request: HTTPRequest, outcome: StoreError.Outcome) -> StoreError {
        if let reason { return request.failure(reason, outcome: outcome) }
        if isRepetitionRefused {
            return error(request, outcome, StoreError.Code.connectionLost, true, "the connection died unanswered")
        }
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            return error(request, outcome, StoreError.Code.timeout, true, detail)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR,
            CURLE_PEER_FAILED_VERIFICATION:
            let isTransient = code != CURLE_PEER_FAILED_VERIFICATION
            return error(request, outcome, StoreError.Code.connect, isTransient, detail)
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return error(request, outcome, StoreError.Code.misuse, false, "\(request.url): \(detail)")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            return error(request, outcome, StoreError.Code.badAnswer, true, detail)
        default:
            return error(request, outcome, StoreError.Code.connectionLost, true, detail)
        }
    }

    private func error(
        _ request: HTTPRequest, _ outcome: StoreError.Outcome, _ code: String, _ isTransient: Bool, _ message: String
    ) -> StoreError {
        StoreError(
            service: request.service, operation: request.operation, outcome: outcome, isTransient: isTransient,
            code: code, message: message)
    }
}

extension HTTPRequest {
    func failure(_ reason: Interruption, outcome: StoreError.Outcome) -> StoreError {
        StoreError(
            service: service, operation: operation, outcome: outcome, isTransient: reason.isTransient,
            code: reason.code, message: reason.message)
    }
}
