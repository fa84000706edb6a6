/// Takes SQL apart into words, as far as naming a statement takes it (PostgreSQL documentation, 4.1). Literals and comments
/// are passed over; text that ends in the middle of one just ends.
struct SQLTokens {
    enum Token: Hashable {
        /// A keyword or a name; unquoted ones are in lower case.
        case word(String, isQuoted: Bool)
        case opening, closing, semicolon, dot
        /// A literal, a number, an operator: something that is none of the above.
        case other

        /// An unquoted word, which is what a keyword is.
        var keyword: String? {
            if case .word(let text, isQuoted: false) = self { text } else { nil }
        }
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Token? {
        skipBlanks()
        guard let byte = byte() else { return nil }
        switch byte {
        case UInt8(ascii: "("): return single(.opening)
        case UInt8(ascii: ")"): return single(.closing)
        case UInt8(ascii: ";"): return single(.semicolon)
        case UInt8(ascii: "."): return single(.dot)
        case UInt8(ascii: "'"): return literal(escapes: false)
        case UInt8(ascii: "\""): return quotedWord()
        case UInt8(ascii: "$"): return dollar()
        case _ where Self.beginsWord(byte): return word()
        default: return single(.other)
        }
    }

    private func byte(_ offset: Int = 0) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }

    private mutating func single(_ token: Token) -> Token {
        index += 1
        return token
    }

    private mutating func skipBlanks() {
        while let byte = byte() {
            if byte <= 0x20 {
                index += 1
            } else if byte == UInt8(ascii: "-"), self.byte(1) == UInt8(ascii: "-") {
                while let byte = self.byte(), byte != 0x0A { index += 1 }
            } else if byte == UInt8(ascii: "/"), self.byte(1) == UInt8(ascii: "*") {
                skipComment()
            } else {
                return
            }
        }
    }

    /// Comments of this form nest.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                depth += 1
                index += 2
            } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                depth -= 1
                index += 2
            } else {
                index += 1
            }
        } while depth > 0 && index < bytes.count
    }

    /// A string in single quotes; a doubled quote does not end it.
    private mutating func literal(escapes: Bool) -> Token {
        index += 1
        while let byte = byte() {
            index += 1
            if escapes, byte == UInt8(ascii: "\\") {
                index += 1
            } else if byte == UInt8(ascii: "'") {
                guard self.byte() == byte else { break }
                index += 1
            }
        }
        return .other
    }

    private mutating func quotedWord() -> Token {
        index += 1
        var text: [UInt8] = []
        while let byte = byte() {
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard self.byte() == byte else { break }
                index += 1
            }
            text.append(byte)
        }
        return .word(String(decoding: text, as: UTF8.self), isQuoted: true)
    }

    /// A parameter (`$1`), or a string between two equal marks (`$$`, `$body$`).
    private mutating func dollar() -> Token {
        var end = index + 1
        while end < bytes.count, Self.beginsWord(bytes[end]) || Self.isDigit(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "$"), !Self.isDigit(bytes[index + 1]) else {
            index = max(end, index + 1)
            return .other
        }
        let mark = bytes[index...end]
        index = end + 1
        while index < bytes.count, !bytes[index...].starts(with: mark) { index += 1 }
        index = min(bytes.count, index + mark.count)
        return .other
    }

    private mutating func word() -> Token {
        let start = index
        while let byte = byte(), Self.beginsWord(byte) || Self.isDigit(byte) || byte == UInt8(ascii: "$") { index += 1 }
        // E'...' is a literal with escapes; B'', X'', N'' and U&'' are literals too, without.
        if byte() == UInt8(ascii: "'"), index - start == 1 {
            return literal(escapes: bytes[start] | 0x20 == UInt8(ascii: "e"))
        }
        let lowered = bytes[start..<index].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return .word(String(decoding: lowered, as: UTF8.self), isQuoted: false)
    }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
