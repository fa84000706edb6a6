/// How one service uses HTTP: the names of its operations, and how it words an error.
package protocol HTTPDialect: Sendable {
    /// The label of a request.
    static func label(_ head: HTTPHead) -> HTTPLabel
    /// The status with which the service refuses.
    static func status(of refusal: Refusal) -> Int
    /// The headers that the service gives with an error of this status.
    static func errorHeaders(status: Int) -> [Reply.Header]
    /// The body that the service gives with an error of this status, and its media type.
    ///
    /// - Parameter operation: what was asked for; empty where nobody knows.
    static func errorBody(status: Int, operation: String) -> (type: String, body: String)
}

extension HTTPDialect {
    package static func errorHeaders(status: Int) -> [Reply.Header] { [] }

    package static func status(of refusal: Refusal) -> Int {
        switch refusal {
        case .retryable: 503
        case .permanent: 400
        }
    }
}

/// The operation of a request, and what it is about.
package struct HTTPLabel: Hashable, Sendable {
    package var operation: String
    package var key: String
    /// The body, if there is one, tells this call from others better than the key does, and a hash of it becomes the key.
    package var isToldByBody: Bool

    package init(_ operation: String, key: String = "", isToldByBody: Bool? = nil) {
        self.operation = operation
        self.key = key
        self.isToldByBody = isToldByBody ?? key.isEmpty
    }
}

/// The dialects, by the service of the link.
package enum HTTPDialects {
    package static func of(_ service: Service?) -> any HTTPDialect.Type {
        switch service {
        case .s3: S3Dialect.self
        case .openai: OpenAIDialect.self
        case .qdrant: QdrantDialect.self
        default: PlainDialect.self
        }
    }
}

/// A request's target, taken apart.
struct HTTPTarget {
    var path: Substring
    var query: Substring

    init(_ target: String) {
        // The absolute form of a target (RFC 9112, 3.2.2) is what clients send to a proxy.
        var rest = target[...]
        if rest.hasPrefix("http://") || rest.hasPrefix("https://"), let scheme = rest.firstIndex(of: "/") {
            let host = rest[rest.index(scheme, offsetBy: 2)...]
            rest = host.firstIndex(of: "/").map { host[$0...] } ?? "/"
        }
        let mark = rest.firstIndex(of: "?")
        path = rest[..<(mark ?? rest.endIndex)]
        query = mark.map { rest[rest.index(after: $0)...] } ?? ""
    }

    var segments: [Substring] { path.split(separator: "/") }

    /// Whether the query has a parameter of this name.
    func asks(_ name: String) -> Bool {
        !query.isEmpty
            && query.split(separator: "&").contains { $0.split(separator: "=", maxSplits: 1).first == name[...] }
    }

    /// A path's text with its percent escapes undone.
    static func decoded(_ text: Substring) -> String {
        guard text.utf8.contains(0x25) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let escape = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == 0x25, escape.count == 2, escape.allSatisfy(\.isHexDigit), let value = UInt8(escape, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
