/// A pattern in which `*` stands for any run of characters and `?` for one.
package struct Glob: Hashable, Sendable, CustomStringConvertible {
    private let pattern: [UInt8]

    package init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    package var description: String { String(decoding: pattern, as: UTF8.self) }

    /// Linear in the text for each star: the last star alone is tried again.
    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var (at, inPattern, star, mark) = (0, 0, -1, 0)
            while at < bytes.count {
                if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                    (star, mark) = (inPattern, at)
                    inPattern += 1
                } else if inPattern < pattern.count,
                    pattern[inPattern] == UInt8(ascii: "?") || pattern[inPattern] == bytes[at]
                {
                    at += 1
                    if pattern[inPattern] == UInt8(ascii: "?") {
                        while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }  // the rest of a character
                    }
                    inPattern += 1
                } else if star >= 0 {
                    inPattern = star + 1
                    mark += 1
                    at = mark
                } else {
                    return false
                }
            }
            return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
        }
    }
}
