/// Splits Cypher into words and single signs (Neo4j Cypher manual, naming and comments). What lies in comments and in literals
/// is passed over, so nothing in them is taken for Cypher. Never fails: a text that ends inside a literal ends there.
struct CypherScanner {
    enum Token: Equatable {
        /// A keyword or a name, as it was written.
        case word(Range<Int>)
        /// What lies between the backticks of a name.
        case quoted(Range<Int>)
        case sign(UInt8)
        /// A number, a literal or a parameter.
        case value
        case end
    }

    private(set) var position = 0

    mutating func next(_ text: RawSpan) -> Token {
        skipBlanks(text)
        guard position < text.byteCount else { return .end }
        let start = position
        let byte = text.byte(at: start)
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            skipLiteral(text, byte)
            return .value
        case UInt8(ascii: "`"):
            return quotedName(text)
        case UInt8(ascii: "$"):
            position += 1
            if peek(text) == UInt8(ascii: "`") { _ = quotedName(text) } else { skipWord(text) }
            return .value
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            skipWord(text)
            return .value
        case _ where Self.isWord(byte):
            skipWord(text)
            return .word(start..<position)
        default:
            position += 1
            return .sign(byte)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte == UInt8(ascii: "_") || byte >= 0x80
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private func peek(_ text: RawSpan, _ ahead: Int = 0) -> UInt8 {
        position + ahead < text.byteCount ? text.byte(at: position + ahead) : 0
    }

    private mutating func skipWord(_ text: RawSpan) {
        while position < text.byteCount, Self.isWord(text.byte(at: position)) { position += 1 }
    }

    private mutating func skipBlanks(_ text: RawSpan) {
        while position < text.byteCount {
            let byte = text.byte(at: position)
            if byte == 0x20 || byte >= 0x09 && byte <= 0x0D {
                position += 1
            } else if byte == UInt8(ascii: "/"), peek(text, 1) == UInt8(ascii: "/") {
                while position < text.byteCount, peek(text) != 0x0A, peek(text) != 0x0D { position += 1 }
            } else if byte == UInt8(ascii: "/"), peek(text, 1) == UInt8(ascii: "*") {
                position += 2
                while position < text.byteCount, (peek(text), peek(text, 1)) != (UInt8(ascii: "*"), UInt8(ascii: "/")) {
                    position += 1
                }
                position = min(position + 2, text.byteCount)
            } else {
                return
            }
        }
    }

    /// A backslash takes the meaning of the sign behind it.
    private mutating func skipLiteral(_ text: RawSpan, _ quote: UInt8) {
        position += 1
        while position < text.byteCount {
            let byte = peek(text)
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == quote { return }
        }
        position = text.byteCount
    }

    /// A backtick inside is written twice.
    private mutating func quotedName(_ text: RawSpan) -> Token {
        position += 1
        let start = position
        while position < text.byteCount {
            if peek(text) == UInt8(ascii: "`") {
                guard peek(text, 1) == UInt8(ascii: "`") else { break }
                position += 1
            }
            position += 1
        }
        let end = min(position, text.byteCount)
        position = min(end + 1, text.byteCount)
        return .quoted(start..<end)
    }
}
