/// Makes any bytes a text that every store accepts.
package enum TextRepair {
    /// Decodes UTF-8; what is invalid becomes U+FFFD, a byte-order mark is dropped, and so are control characters.
    package static func decode(_ bytes: [UInt8]) -> String {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        return clean(String(decoding: rest, as: UTF8.self))
    }

    /// Drops control characters other than tab, line feed and form feed; line ends become line feeds.
    package static func clean(_ text: String) -> String {
        let source = Array(text.utf8)
        guard source.contains(where: { isDropped($0) }) else { return text }
        var kept: [UInt8] = []
        kept.reserveCapacity(source.count)
        for (index, byte) in source.enumerated() {
            if byte == 0x0D {
                if index + 1 == source.count || source[index + 1] != 0x0A { kept.append(0x0A) }
            } else if !isDropped(byte) {
                kept.append(byte)
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static func isDropped(_ byte: UInt8) -> Bool {
        byte == 0x7F || (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0C)
    }
}
