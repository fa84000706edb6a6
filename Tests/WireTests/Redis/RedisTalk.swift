import Wire

/// Streams of Redis' protocol, written down by hand, and what the decoders find in them. `~` stands for the end of a line.
enum RedisTalk {
    static func bytes(_ text: String) -> [UInt8] { Array(text.replacing("~", with: "\r\n").utf8) }

    /// A command as clients send it.
    static func command(_ arguments: String...) -> [UInt8] {
        bytes("*\(arguments.count)~" + arguments.map { "$\($0.utf8.count)~\($0)~" }.joined())
    }

    /// What the decoder finds in a client's stream: a line a command, with its name, how many arguments it has and its length,
    /// `...` behind one that has not ended, and `!` where it gave up.
    static func requests(_ bytes: [UInt8], cutAt cuts: [Int] = []) -> [String] {
        var decoder = RedisRequestDecoder()
        var found = Found()
        feed(bytes, cuts, &found) { there, found throws(WireError) in
            guard let piece = try decoder.next(there) else { return nil }
            switch piece.kind {
            case .command: found.begin("\(text(there, piece.name)) \(piece.argumentCount)", piece.length)
            case .nothing: found.begin("nothing", piece.length)
            case .rest: found.length += piece.length
            }
            if piece.endsMessage { found.end() }
            return piece.length
        }
        return found.all
    }

    /// The same of a server's stream: the type of each value, its code or its first word, its length.
    static func answers(_ bytes: [UInt8], cutAt cuts: [Int] = [], looksInto: Bool = false) -> [String] {
        var decoder = RedisAnswerDecoder()
        var found = Found()
        feed(bytes, cuts, &found) { there, found throws(WireError) in
            guard let piece = try decoder.next(there, looksInto: looksInto) else { return nil }
            if piece.kind == .rest {
                found.length += piece.length
            } else {
                var line = String(decoding: [piece.type], as: UTF8.self)
                if piece.isNull { line += " null" }
                if piece.isError {
                    line += " \(text(there, piece.code))"
                } else if piece.word != 0 {
                    line += " \(word(piece.word))"
                }
                if let length = piece.messageLength { line += " of \(length)" }
                if piece.kind == .value {
                    found.text += ", \(line)"
                    found.length += piece.length
                } else {
                    found.begin(line, piece.length)
                }
            }
            if piece.endsMessage { found.end() }
            return piece.length
        }
        return found.all
    }

    /// What was found so far.
    struct Found {
        var lines: [String] = []
        var text = ""
        var length = 0
        var isOpen = false
        var isLost = false

        mutating func begin(_ text: String, _ length: Int) { (self.text, self.length, isOpen) = (text, length, true) }

        mutating func end() {
            lines.append("\(text): \(length)")
            isOpen = false
        }

        /// How much of what is lost was seen depends on the cuts; that it was lost does not.
        var all: [String] { isLost ? lines + ["!"] : isOpen ? lines + ["\(text): \(length) ..."] : lines }
    }

    private static func feed(
        _ bytes: [UInt8], _ cuts: [Int], _ found: inout Found,
        _ next: (RawSpan, inout Found) throws(WireError) -> Int?
    ) {
        var kept: [UInt8] = []
        var start = 0
        for end in cuts + [bytes.count] {
            kept += bytes[start..<end]
            start = end
            do throws(WireError) {
                while let length = try next(kept.span.bytes, &found) { kept.removeFirst(length) }
            } catch {
                found.isLost = true
                return
            }
        }
    }

    private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        bytes.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    static func word(_ packed: UInt64) -> String {
        String(
            decoding: (0..<8).map { UInt8(truncatingIfNeeded: packed >> (8 * $0)) }.prefix { $0 != 0 }, as: UTF8.self)
    }
}
