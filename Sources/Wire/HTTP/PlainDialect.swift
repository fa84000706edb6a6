/// HTTP of no service that we know: an operation is the method and the path, with its identifiers replaced by `{id}`.
enum PlainDialect: HTTPDialect {
    static func label(_ head: HTTPHead) -> HTTPLabel {
        let segments = HTTPTarget(head.target).segments
        let template = segments.map { isIdentifier($0) ? "{id}" : $0 }.joined(separator: "/")
        return HTTPLabel("\(head.method) /\(template)", key: segments.last { isIdentifier($0) }.map(String.init) ?? "")
    }

    /// A number, or 16 and more hexadecimal digits and dashes, as in a UUID.
    private static func isIdentifier(_ segment: Substring) -> Bool {
        if segment.allSatisfy({ $0.isASCII && $0.isNumber }) { return true }
        return segment.utf8.count >= 16 && segment.allSatisfy { $0.isHexDigit || $0 == "-" }
    }

    static func errorBody(status: Int, operation: String) -> (type: String, body: String) {
        ("text/plain; charset=utf-8", "\(status) \(HTTPReason.phrase(status))\n")
    }
}
