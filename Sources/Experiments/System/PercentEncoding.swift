/// Text as part of a URL (RFC 3986, section 2).
enum PercentEncoding {
    /// - Parameter kept: characters beyond the unreserved ones that stay as they are.
    static func encoded(_ text: String, keeping kept: String = "") -> String {
        text.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~\(kept)".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : (hex.count < 2 ? "%0" : "%") + hex
        }.joined()
    }
}
