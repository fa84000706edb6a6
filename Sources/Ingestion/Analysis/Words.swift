/// One word of a text, as far as names go.
struct Word {
    var text: String
    /// Begins with an upper-case letter.
    var isCapitalised: Bool
    /// Holds a digit, an at sign or a currency sign: a name in itself, if one at all.
    var isNumbered: Bool
    /// Something behind it ends a name: punctuation or a line end.
    var endsName: Bool
}

/// Splits UTF-8 at white space; drops punctuation around words. Words longer than 80 bytes are no names and are skipped.
/// Ordinary lower-case words are given without their text.
struct Words: IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> Word? {
        while position < bytes.count, Self.isSeparator(bytes[position]) { position += 1 }
        guard position < bytes.count else { return nil }
        let start = position
        var isNumbered = false
        while position < bytes.count, !Self.isSeparator(bytes[position]) {
            let byte = bytes[position]
            if (0x30...0x39).contains(byte) || byte == UInt8(ascii: "@") { isNumbered = true }
            position += 1
        }
        var end = position
        while end > start, Self.isTrailing(bytes[end - 1]) { end -= 1 }
        let isCut = end < position || position == bytes.count || bytes[position] != 0x20
        guard end > start, end - start <= 80 else {
            return Word(text: "", isCapitalised: false, isNumbered: false, endsName: true)
        }
        let isUpper = Self.isUpper(bytes[start..<end])
        let text = isUpper || isNumbered ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
        return Word(text: text, isCapitalised: isUpper, isNumbered: isNumbered, endsName: isCut)
    }

    private static func isUpper(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let first = word[word.startIndex]
        if first < 0x80 { return (0x41...0x5A).contains(first) }
        return String(decoding: word.prefix(4), as: UTF8.self).unicodeScalars.first?.properties.isUppercase == true
    }

    /// White space, and punctuation that never stands inside a name.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""),
            UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "#"):
            true
        default: false
        }
    }

    private static func isTrailing(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
            UInt8(ascii: "?"), UInt8(ascii: "'"):
            true
        default: false
        }
    }
}
