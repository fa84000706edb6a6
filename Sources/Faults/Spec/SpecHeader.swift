extension SpecType where Value == String {
    /// The name of an HTTP header (RFC 9110, 5.6.2).
    package static var headerName: SpecType {
        .scalar("a header's name", example: "Content-Type", mend: "write one such as Content-Type") { text in
            text.wholeMatch(of: /[A-Za-z0-9!#$%&'*+.^_`|~-]+/) != nil ? text : nil
        }
    }

    /// The value of an HTTP header: one line without control characters (RFC 9110, 5.5).
    package static var headerValue: SpecType {
        .scalar("a header's value", example: "text/plain", mend: "it is one line of text") { text in
            text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } ? text : nil
        }
    }
}

extension Spec {
    /// The name of a header that may be changed without the message losing its end.
    mutating func changeableHeader(_ key: String) throws(SpecError) -> String {
        let name = try required(key, .headerName)
        guard !["content-length", "transfer-encoding"].contains(name.lowercased()) else {
            throw error(key, "is '\(name)', which frames the message", mend: "a message without it has no end")
        }
        return name
    }
}
