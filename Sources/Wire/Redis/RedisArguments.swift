/// Goes through the arguments of a command, its name the first, as far as they lie whole in its beginning.
package struct RedisArguments {
    private var index: Int
    private var left: Int
    private let isInline: Bool

    /// - Parameter bytes: a command's beginning.
    package init(_ bytes: RawSpan) {
        isInline = bytes.byte(at: 0) != UInt8(ascii: "*")
        (index, left) = (0, .max)
        guard !isInline, let head = try? RedisNumber.line(bytes, at: 1) else { return }
        (index, left) = (head.end, head.value)
    }

    /// Where the next one lies; `nil` when there is none, or not the whole of it.
    package mutating func next(_ bytes: RawSpan) -> Range<Int>? {
        let end = min(bytes.byteCount, RedisRequestDecoder.lookedAt)
        if isInline { return (try? RedisInline.next(bytes, from: &index)) ?? nil }
        guard left > 0, index < end, let head = try? RedisNumber.line(bytes, at: index + 1),
            head.end + head.value <= end
        else { return nil }
        left -= 1
        index = head.end + head.value + 2
        return head.end..<(head.end + head.value)
    }
}

/// Commands as one types them (`sdssplitargs` of Redis): words between blanks, which quotes may hold together.
enum RedisInline {
    /// The next word of a line; what stands in quotes is without them.
    ///
    /// - Throws: where a quote has no end, or is followed by more of the word.
    static func next(_ line: RawSpan, from index: inout Int) throws(WireError) -> Range<Int>? {
        while index < line.byteCount, isBlank(line.byte(at: index)) { index += 1 }
        // The server takes a byte 0 for the end.
        guard index < line.byteCount, line.byte(at: index) != 0 else { return nil }
        let start = index
        var quote: UInt8 = 0
        while index < line.byteCount {
            let byte = line.byte(at: index)
            if quote != 0 {
                if byte == UInt8(ascii: "\\"), index + 1 < line.byteCount,
                    quote == UInt8(ascii: "\"") || line.byte(at: index + 1) == quote
                {
                    index += 1
                } else if byte == quote {
                    quote = 0
                    guard index + 1 == line.byteCount || endsWord(line.byte(at: index + 1)) else {
                        throw WireError("a quote within a word")
                    }
                }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if endsWord(byte) {
                break
            }
            index += 1
        }
        guard quote == 0 else { throw WireError("a quote without an end") }
        let first = line.byte(at: start)
        let isQuoted = index - start >= 2 && (first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"))
        return isQuoted ? (start + 1)..<(index - 1) : start..<index
    }

    private static func endsWord(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0 }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
