/// What the first bytes of a file tell of its format, where neither its name nor its media type does.
enum ContentSignature {
    /// How many of the first bytes are looked at.
    static let bytesMax = 512

    /// Nil for what is neither PDF nor text.
    static func format(of head: [UInt8]) -> DocumentFormat? {
        if head.starts(with: Array("%PDF-".utf8)) { return .pdf }
        guard !head.isEmpty, !head.contains(where: isBinary) else { return nil }
        let text = head.drop { $0 <= 0x20 || byteOrderMark.contains($0) }
        let begin = String(decoding: text.prefix(32), as: UTF8.self).lowercased()
        if ["<!doctype html", "<html"].contains(where: begin.hasPrefix) { return .html }
        let next = text.dropFirst().first { $0 > 0x20 }.map { Character(Unicode.Scalar($0)) } ?? " "
        switch begin.first {
        case "{" where "\"}".contains(next), "[" where "{[\"".contains(next): return .json
        default: return .txt
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Control characters that no text has.
    private static func isBinary(_ byte: UInt8) -> Bool {
        byte < 0x09 || (0x0E..<0x1B).contains(byte) || (0x1C..<0x20).contains(byte)
    }
}
