/// What the head of a message says, as far as framing, labels and selectors need it (RFC 9112).
package struct HTTPHead: Hashable, Sendable {
    package enum Start: Hashable, Sendable {
        case request(method: String, target: String)
        case response(status: Int)
    }

    /// How the end of the body is found.
    package enum Body: Hashable, Sendable {
        case none
        case length(Int)
        case chunked
        /// Until the connection ends (answers only).
        case untilClose
    }

    package var start: Start
    /// HTTP/1.0, where a connection ends with its message unless told otherwise.
    package var isOldVersion: Bool
    package var contentLength: Int?
    /// The last of the transfer codings is `chunked`.
    package var isChunked = false
    /// There are transfer codings, whatever they are; a length has no say then (RFC 9112, 6.3).
    package var isEncoded = false
    package var asksToClose = false
    /// `Connection: upgrade`, together with an `Upgrade` header.
    package var asksToUpgrade = false
    package var expectsContinue = false
    /// `x-amz-copy-source` is there, which makes a PUT to S3 a copy.
    package var isCopy = false
    /// Of an answer, from `retry-after-ms`.
    var retryAfterInMilliseconds: Int?
    /// Of an answer, from `retry-after` in seconds.
    var retryAfterInSeconds: Int?

    /// How long an answer asks its client to wait. A date is not read: that takes a clock.
    package var retryAfterMilliseconds: Int? { retryAfterInMilliseconds ?? retryAfterInSeconds }

    package var method: String {
        if case .request(let method, _) = start { method } else { "" }
    }

    package var target: String {
        if case .request(_, let target) = start { target } else { "" }
    }

    package var status: Int {
        if case .response(let status) = start { status } else { 0 }
    }

    /// An answer before the final one (RFC 9110, 15.2). 101 is final: what follows is no HTTP.
    package var isInterim: Bool { (100..<200).contains(status) && status != 101 }

    /// How this message's body ends.
    ///
    /// - Parameter method: for an answer, the method of its request.
    package func body(answering method: String) -> Body {
        switch start {
        case .request:
            if isChunked { return .chunked }
            return contentLength.map { $0 == 0 ? .none : .length($0) } ?? .none
        case .response(let status):
            if method == "HEAD" || (100..<200).contains(status) || status == 204 || status == 304 { return .none }
            if method == "CONNECT" && (200..<300).contains(status) { return .none }
            if isEncoded { return isChunked ? .chunked : .untilClose }
            return contentLength.map { $0 == 0 ? .none : .length($0) } ?? .untilClose
        }
    }
}
