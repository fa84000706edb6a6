/// Finds where values lie in a JSON text (RFC 8259), without making anything of them. It checks no more than it must to find
/// their ends, and goes no deeper into the stack however deep they nest.
struct JSONScanner {
    /// A member of an object: its name as it is written, without its quotes, and where its value lies.
    struct Member {
        var name: String
        var value: Range<Int>
    }

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Where the one value of the text lies; `nil` where it does not end, or more follows.
    var root: Range<Int>? {
        let start = skipBlanks(from: 0)
        guard let end = end(ofValueAt: start), skipBlanks(from: end) == bytes.count else { return nil }
        return start..<end
    }

    /// The members of the object that lies there; `nil` where that is none.
    func members(_ object: Range<Int>) -> [Member]? {
        guard byte(object.lowerBound) == UInt8(ascii: "{") else { return nil }
        var members: [Member] = []
        var index = skipBlanks(from: object.lowerBound + 1)
        while index < object.upperBound, byte(index) != UInt8(ascii: "}") {
            guard byte(index) == UInt8(ascii: "\""), let nameEnd = end(ofStringAt: index) else { return nil }
            let name = String(decoding: bytes[(index + 1)..<(nameEnd - 1)], as: UTF8.self)
            let colon = skipBlanks(from: nameEnd)
            guard byte(colon) == UInt8(ascii: ":") else { return nil }
            let start = skipBlanks(from: colon + 1)
            guard let end = end(ofValueAt: start) else { return nil }
            members.append(Member(name: name, value: start..<end))
            guard let next = behindSeparator(end, closing: UInt8(ascii: "}")) else { return nil }
            index = next
        }
        return members
    }

    /// Where the elements of the array that lies there are; `nil` where that is none.
    func elements(_ array: Range<Int>) -> [Range<Int>]? {
        guard byte(array.lowerBound) == UInt8(ascii: "[") else { return nil }
        var elements: [Range<Int>] = []
        var index = skipBlanks(from: array.lowerBound + 1)
        while index < array.upperBound, byte(index) != UInt8(ascii: "]") {
            guard let end = end(ofValueAt: index) else { return nil }
            elements.append(index..<end)
            guard let next = behindSeparator(end, closing: UInt8(ascii: "]")) else { return nil }
            index = next
        }
        return elements
    }

    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func skipBlanks(from start: Int) -> Int {
        var index = start
        while [0x20, 0x09, 0x0A, 0x0D].contains(byte(index)), index < bytes.count { index += 1 }
        return index
    }

    /// Behind the comma that follows a value, or at what closes its container.
    private func behindSeparator(_ end: Int, closing: UInt8) -> Int? {
        let index = skipBlanks(from: end)
        if byte(index) == UInt8(ascii: ",") { return skipBlanks(from: index + 1) }
        return byte(index) == closing ? index : nil
    }

    private func end(ofValueAt start: Int) -> Int? {
        switch byte(start) {
        case UInt8(ascii: "\""): return end(ofStringAt: start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return end(ofContainerAt: start)
        default:
            var index = start
            while index < bytes.count, !Self.delimiters.contains(bytes[index]) { index += 1 }
            return index > start ? index : nil
        }
    }

    private static let delimiters = Set(", \t\r\n]}:\"[{".utf8)

    private func end(ofStringAt start: Int) -> Int? {
        var index = start + 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "\""): return index + 1
            default: index += 1
            }
        }
        return nil
    }

    private func end(ofContainerAt start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard let end = end(ofStringAt: index) else { return nil }
                index = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return nil
    }
}
