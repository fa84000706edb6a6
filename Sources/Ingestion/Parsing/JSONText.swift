/// The text of a JSON document (RFC 8259), in the document's own order: a line `key: value` a member, a paragraph an object.
struct JSONText {
    /// Deeper nesting is refused, since the reader recurses.
    static let depthMax = 128

    /// - Throws: `MalformedDocument` with the byte offset of what is wrong.
    static func extract(_ source: String) throws -> String {
        var reader = JSONText(source)
        try reader.value(name: nil, depth: 0)
        reader.skipSpace()
        guard reader.position == reader.source.count else { throw reader.malformed("something after the value") }
        return String(decoding: reader.output, as: UTF8.self)
    }

    private let source: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    private init(_ source: String) {
        self.source = Array(source.utf8)
        output.reserveCapacity(self.source.count)
    }

    private mutating func value(name: [UInt8]?, depth: Int) throws {
        guard depth <= Self.depthMax else { throw malformed("nested deeper than \(Self.depthMax)") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(name: name, depth: depth)
        case UInt8(ascii: "\""): emit(name: name, try string())
        default: emit(name: name, try literal())
        }
    }

    private mutating func object(depth: Int) throws {
        position += 1
        if !output.isEmpty { output.append(0x0A) }
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw malformed("expected a member's name") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw malformed("expected ':'") }
            try value(name: name, depth: depth + 1)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed("expected ',' or '}'") }
    }

    private mutating func array(name: [UInt8]?, depth: Int) throws {
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return }
        repeat {
            try value(name: name, depth: depth + 1)
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("expected ',' or ']'") }
    }

    private mutating func emit(name: [UInt8]?, _ value: [UInt8]) {
        if let name {
            output.append(contentsOf: name)
            output.append(contentsOf: ": ".utf8)
        }
        output.append(contentsOf: value)
        output.append(0x0A)
    }

    private mutating func string() throws -> [UInt8] {
        position += 1
        var bytes: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "\\"): bytes.append(contentsOf: try escape())
            default: bytes.append(byte)
            }
        }
        throw malformed("unclosed string")
    }

    private mutating func escape() throws -> [UInt8] {
        guard let byte = peek else { throw malformed("unclosed string") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"), UInt8(ascii: "r"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"), UInt8(ascii: "f"): return [0x20]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "u"): return Array(String(Character(try unicode())).utf8)
        default: throw malformed("unknown escape")
        }
    }

    /// A lone surrogate is repaired to U+FFFD, a control character to a space.
    private mutating func unicode() throws -> Unicode.Scalar {
        let unit = try codeUnit()
        if (0xD800..<0xDC00).contains(unit), source[position...].starts(with: Array("\\u".utf8)) {
            let mark = position
            position += 2
            let low = try codeUnit()
            if (0xDC00..<0xE000).contains(low) {
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
            }
            position = mark
        }
        return unit < 0x20 ? " " : Unicode.Scalar(unit) ?? "\u{FFFD}"
    }

    private mutating func codeUnit() throws -> UInt32 {
        guard position + 4 <= source.count,
            let unit = UInt32(String(decoding: source[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw malformed("expected four hexadecimal digits") }
        position += 4
        return unit
    }

    private mutating func literal() throws -> [UInt8] {
        let start = position
        while let byte = peek, byte.isASCIILetter || (0x2B...0x39).contains(byte) && byte != 0x2C { position += 1 }
        let word = String(decoding: source[start..<position], as: UTF8.self)
        guard ["true", "false", "null"].contains(word) || Double(word)?.isFinite == true else {
            throw malformed("expected a value", at: start)
        }
        return Array(word.utf8)
    }

    private var peek: UInt8? { position < source.count ? source[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    private func malformed(_ what: String, at offset: Int? = nil) -> IngestionError {
        IngestionError(.malformedDocument, "JSON, byte \(offset ?? position): \(what)")
    }
}
