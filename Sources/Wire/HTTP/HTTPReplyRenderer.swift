/// Renders an answer that the proxy gives in the service's place.
package enum HTTPReplyRenderer {
    /// The bytes of a whole answer and its status; `nil` for one of another protocol.
    ///
    /// - Parameters:
    ///   - method: of the request; an answer to HEAD has no body, though it names its length.
    ///   - operation: of the request, which some services' words depend on.
    ///   - closes: adds `Connection: close`.
    package static func render(
        _ reply: Reply, dialect: any HTTPDialect.Type, answering method: String, operation: String = "", closes: Bool
    ) -> (bytes: [UInt8], status: Int)? {
        let (status, headers, body): (Int, [Reply.Header], String?)
        switch reply {
        case .http(let code, let fields, let text): (status, headers, body) = (code, fields, text)
        case .refusal(let refusal): (status, headers, body) = (dialect.status(of: refusal), [], nil)
        case .sql, .redis, .bolt: return nil
        }
        let bytes = render(
            status: status, headers: headers, body: body, dialect: dialect, answering: method, operation: operation,
            closes: closes)
        return (bytes, status)
    }

    /// The bytes of a whole answer.
    ///
    /// - Parameters:
    ///   - method: of the request; an answer to HEAD has no body, though it names its length.
    ///   - operation: of the request, which some services' words depend on.
    ///   - closes: adds `Connection: close`.
    package static func render(
        status: Int, headers: [Reply.Header], body: String?, dialect: any HTTPDialect.Type, answering method: String,
        operation: String = "", closes: Bool
    ) -> [UInt8] {
        var headers = headers
        var text = body ?? ""
        if body == nil, status >= 400 {
            let worded = dialect.errorBody(status: status, operation: operation)
            text = worded.body
            if !has("content-type", headers) { headers.append(Reply.Header("Content-Type", worded.type)) }
            for header in dialect.errorHeaders(status: status) where !has(header.name.lowercased(), headers) {
                headers.append(header)
            }
        }
        let isEmpty = (100..<200).contains(status) || status == 204 || status == 304
        if !isEmpty, !has("content-length", headers) {
            headers.append(Reply.Header("Content-Length", String(text.utf8.count)))
        }
        if closes, !has("connection", headers) { headers.append(Reply.Header("Connection", "close")) }
        var head = "HTTP/1.1 \(status) \(HTTPReason.phrase(status))\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        return Array((head + "\r\n").utf8) + (isEmpty || method == "HEAD" ? [] : Array(text.utf8))
    }

    private static func has(_ name: String, _ headers: [Reply.Header]) -> Bool {
        headers.contains { $0.name.lowercased() == name }
    }
}
