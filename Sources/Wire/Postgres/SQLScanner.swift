/// Splits SQL into words and single signs (PostgreSQL documentation, 4.1). What lies in comments and in literals is passed
/// over, so nothing in them is taken for SQL. Never fails: a text that ends inside a literal ends there.
struct SQLScanner {
    enum Token: Equatable {
        /// A keyword or a name, as it was written.
        case word(Range<Int>)
        /// What lies between the quotes of a quoted name.
        case quoted(Range<Int>)
        case sign(UInt8)
        /// A number, a literal or a parameter.
        case value
        case end
    }

    private(set) var position = 0

    mutating func next(_ sql: RawSpan) -> Token {
        skipBlanks(sql)
        guard position < sql.byteCount else { return .end }
        let start = position
        let byte = sql.byte(at: start)
        switch byte {
        case Self.quote:
            skipLiteral(sql, escapes: false)
            return .value
        case UInt8(ascii: "\""):
            return quotedName(sql)
        case UInt8(ascii: "$"):
            skipDollar(sql)
            return .value
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            skipWord(sql)
            return .value
        case _ where Self.beginsWord(byte):
            skipWord(sql)
            return afterWord(sql, start..<position)
        default:
            position += 1
            return .sign(byte)
        }
    }

    private static let quote = UInt8(ascii: "'")

    static func beginsWord(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        beginsWord(byte) || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "$")
    }

    private func peek(_ sql: RawSpan, _ ahead: Int = 0) -> UInt8 {
        position + ahead < sql.byteCount ? sql.byte(at: position + ahead) : 0
    }

    // MARK: What is passed over

    private mutating func skipBlanks(_ sql: RawSpan) {
        while position < sql.byteCount {
            let byte = sql.byte(at: position)
            if byte == 0x20 || byte >= 0x09 && byte <= 0x0D {
                position += 1
            } else if byte == UInt8(ascii: "-"), peek(sql, 1) == UInt8(ascii: "-") {
                while position < sql.byteCount, peek(sql) != 0x0A, peek(sql) != 0x0D { position += 1 }
            } else if byte == UInt8(ascii: "/"), peek(sql, 1) == UInt8(ascii: "*") {
                skipComment(sql)
            } else {
                return
            }
        }
    }

    /// A comment that may hold others.
    private mutating func skipComment(_ sql: RawSpan) {
        var depth = 0
        while position < sql.byteCount {
            let pair = (peek(sql), peek(sql, 1))
            if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
                depth += 1
                position += 2
            } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
                depth -= 1
                position += 2
                if depth == 0 { return }
            } else {
                position += 1
            }
        }
    }

    /// A quote inside is written twice, or behind a backslash where those escape.
    private mutating func skipLiteral(_ sql: RawSpan, escapes: Bool) {
        position += 1
        while position < sql.byteCount {
            let byte = sql.byte(at: position)
            if byte == Self.quote {
                guard peek(sql, 1) == Self.quote else { return position += 1 }
                position += 1
            } else if escapes, byte == UInt8(ascii: "\\") {
                position += 1
            }
            position += 1
        }
        position = sql.byteCount
    }

    private mutating func skipWord(_ sql: RawSpan) {
        while position < sql.byteCount, Self.continuesWord(sql.byte(at: position)) { position += 1 }
    }

    /// A parameter such as `$1`, or a literal between two equal marks such as `$$` or `$body$`.
    private mutating func skipDollar(_ sql: RawSpan) {
        let start = position
        position += 1
        if Self.beginsWord(peek(sql)) {
            while position < sql.byteCount, peek(sql) != UInt8(ascii: "$"), Self.continuesWord(peek(sql)) {
                position += 1
            }
        }
        guard peek(sql) == UInt8(ascii: "$") else { return skipWord(sql) }
        position += 1
        let mark = sql.extracting(start..<position)
        while position + mark.byteCount <= sql.byteCount {
            if peek(sql) == UInt8(ascii: "$"), Self.equal(mark, sql.extracting(position..<(position + mark.byteCount)))
            {
                position += mark.byteCount
                return
            }
            position += 1
        }
        position = sql.byteCount
    }

    private static func equal(_ one: RawSpan, _ other: RawSpan) -> Bool {
        for index in 0..<one.byteCount
        where one.byte(at: index) != other.byte(at: index) { return false }
        return true
    }

    // MARK: Names

    private mutating func quotedName(_ sql: RawSpan) -> Token {
        position += 1
        let start = position
        while position < sql.byteCount {
            if peek(sql) == UInt8(ascii: "\"") {
                guard peek(sql, 1) == UInt8(ascii: "\"") else { break }
                position += 1
            }
            position += 1
        }
        let end = min(position, sql.byteCount)
        position = min(end + 1, sql.byteCount)
        return .quoted(start..<end)
    }

    /// A letter right before a quote makes another kind of literal or name of it: `E'a\'b'`, `B'101'`, `U&"a"`.
    private mutating func afterWord(_ sql: RawSpan, _ word: Range<Int>) -> Token {
        let letter = sql.byte(at: word.lowerBound) | 0x20
        guard word.count == 1 else { return .word(word) }
        if peek(sql) == Self.quote, "ebxn".utf8.contains(letter) {
            skipLiteral(sql, escapes: letter == UInt8(ascii: "e"))
            return .value
        }
        if letter == UInt8(ascii: "u"), peek(sql) == UInt8(ascii: "&") {
            if peek(sql, 1) == Self.quote {
                position += 1
                skipLiteral(sql, escapes: false)
                return .value
            }
            if peek(sql, 1) == UInt8(ascii: "\"") {
                position += 1
                return quotedName(sql)
            }
        }
        return .word(word)
    }
}
