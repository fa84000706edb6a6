internal import Glibc

/// Reading JSON (RFC 8259), with a bound on nesting, since it comes from a wire that faults are injected on.
struct JSONReader {
    struct Malformed: Error, CustomStringConvertible {
        var position: Int
        var expected: String
        var description: String { "not JSON at byte \(position): expected \(expected)" }
    }

    private static let depthLimit = 64
    private let bytes: [UInt8]
    private var position = 0

    static func read(_ bytes: [UInt8]) throws(Malformed) -> JSON {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.malformed("the end") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSON {
        guard depth <= Self.depthLimit else { throw malformed("at most \(Self.depthLimit) levels") }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(_ depth: Int) throws(Malformed) -> JSON {
        position += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(":") else { throw malformed("a colon") }
            members[key] = try value(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw malformed("a comma or the object's end") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Malformed) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw malformed("a comma or the array's end") }
        return .array(elements)
    }

    private mutating func string() throws(Malformed) -> String {
        guard take("\"") else { throw malformed("a string") }
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw malformed("an escaped control character")
            default: text.append(byte)
            }
        }
        throw malformed("the string's end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Malformed) {
        guard let byte = peek else { throw malformed("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var code = UInt32(try codeUnit())
            if (0xd800..<0xdc00).contains(code), take("\\"), take("u") {
                let low = UInt32(try codeUnit())
                guard (0xdc00..<0xe000).contains(low) else { throw malformed("a low surrogate") }
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
            }
            text += Array(String(Character(Unicode.Scalar(code) ?? "\u{fffd}")).utf8)
        default: throw malformed("an escape")
        }
    }

    private mutating func codeUnit() throws(Malformed) -> UInt16 {
        guard position + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw malformed("four hex digits") }
        position += 4
        return unit
    }

    private mutating func number() throws(Malformed) -> JSON {
        let start = position
        var isWhole = true
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"): isWhole = false
            default:
                return try number(from: start, isWhole)
            }
            position += 1
        }
        return try number(from: start, isWhole)
    }

    private func number(from start: Int, _ isWhole: Bool) throws(Malformed) -> JSON {
        if !isWhole, let value = fraction(from: start) { return .double(value) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .int(value) }
        guard let value = Double(text) else { throw malformed("a value") }
        return .double(value)
    }

    /// Read in place: vectors are millions of these. nil at the very end of the text, where nothing bounds the reading.
    private func fraction(from start: Int) -> Double? {
        guard position < bytes.count else { return nil }
        return bytes.withUnsafeBytes { raw in
            let first = raw.baseAddress! + start
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(first.assumingMemoryBound(to: CChar.self), &end)
            return end.map { UnsafeRawPointer($0) - first } == position - start ? value : nil
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(Malformed) -> JSON {
        let end = position + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else { throw malformed("a value") }
        position = end
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private func malformed(_ expected: String) -> Malformed { Malformed(position: position, expected: expected) }
}

extension JSON {
    /// Reads a JSON text; nil when it is none.
    package init?(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes) else { return nil }
        self = value
    }
}
