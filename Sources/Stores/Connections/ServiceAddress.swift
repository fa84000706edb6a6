/// The parts of an address `scheme://user:password@host:port/path`.
struct ServiceAddress: Hashable, Sendable {
    var scheme: String
    var user: String?
    var password: String?
    var host: String
    var port: Int
    /// Without the leading slash.
    var path: String

    /// nil when the text is no such address. `port` is what holds when the text names none.
    init?(_ text: String, defaultPort: Int) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        scheme = String(text[..<separator.lowerBound]).lowercased()
        var rest = text[separator.upperBound...]
        if let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<end] }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        path = String(rest[slash...].dropFirst())
        var authority = rest[..<slash]
        if let at = authority.lastIndex(of: "@") {
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0]) else { return nil }
            user = name
            if parts.count == 2 {
                guard let secret = PercentEncoding.decode(parts[1]) else { return nil }
                password = secret
            }
            authority = authority[authority.index(after: at)...]
        }
        let portText: Substring
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            portText = authority[authority.index(after: bracket)...]
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<colon])
            portText = authority[colon...]
        }
        guard !host.isEmpty else { return nil }
        if portText.isEmpty {
            port = defaultPort
        } else {
            guard portText.first == ":", let number = UInt16(portText.dropFirst()) else { return nil }
            port = Int(number)
        }
    }

    /// `http://host:port`, without credentials and path.
    var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(name):\(port)"
    }
}

/// Percent-encoding (RFC 3986, section 2.1).
enum PercentEncoding {
    /// Encodes everything but unreserved characters, and slashes where asked: S3's rule for keys and queries.
    static func encode(_ text: String, keepSlashes: Bool = false) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.append(byte)
            case UInt8(ascii: "/") where keepSlashes:
                output.append(byte)
            default:
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// nil when a percent sign is not followed by two hex digits.
    static func decode(_ text: some StringProtocol) -> String? {
        var output: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = bytes.next(), let low = bytes.next(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            output.append(value)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
