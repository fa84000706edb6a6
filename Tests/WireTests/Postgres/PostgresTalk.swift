import Wire

/// Bytes of PostgreSQL's protocol, written down by hand, and what the decoder finds in them.
struct PostgresTalk {
    private(set) var bytes: [UInt8] = []

    /// A message with a type; `~` in its body stands for a byte 0.
    func message(_ type: Character, _ body: String = "") -> PostgresTalk {
        message(type, Array(body.utf8).map { $0 == UInt8(ascii: "~") ? 0 : $0 })
    }

    func message(_ type: Character, _ body: [UInt8]) -> PostgresTalk {
        head(type, length: Int32(body.count + 4)).raw(body)
    }

    /// The beginning of a message whose length may be a lie.
    func head(_ type: Character, length: Int32) -> PostgresTalk {
        raw([type.asciiValue ?? 0]).number(length)
    }

    /// A start-up message.
    func startup(_ code: Int, _ body: String = "") -> PostgresTalk {
        let body = Array(body.utf8).map { $0 == UInt8(ascii: "~") ? 0 : $0 }
        return number(Int32(body.count + 8)).number(Int32(code)).raw(body)
    }

    func number(_ number: Int32) -> PostgresTalk {
        raw((0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * Int32($0))) })
    }

    func raw(_ more: [UInt8]) -> PostgresTalk {
        var talk = self
        talk.bytes += more
        return talk
    }

    /// What the decoder finds, however the bytes are cut: a line a message, such as `Q 12` for type and whole length, with
    /// `...` behind one that has not ended, and `!` where it gave up.
    static func lines(_ direction: Direction, _ bytes: [UInt8], cutAt cuts: [Int] = []) -> [String] {
        var decoder = PostgresDecoder(direction)
        var lines: [String] = []
        var kept: [UInt8] = []
        var start = 0
        for end in cuts + [bytes.count] {
            kept += bytes[start..<end]
            start = end
            while true {
                let piece: PostgresDecoder.Piece?
                do throws(WireError) { piece = try decoder.next(kept.span.bytes) } catch { return lines + ["!"] }
                guard let piece else { break }
                kept.removeFirst(piece.length)
                switch piece.kind {
                case .startup(let code): lines.append("startup \(code) \(piece.messageLength)")
                case .message(let type):
                    lines.append("\(Character(Unicode.Scalar(type))) \(piece.messageLength) ...")
                case .rest: break
                }
                if piece.endsMessage, let last = lines.last, last.hasSuffix(" ...") {
                    lines[lines.count - 1] = String(last.dropLast(4))
                }
            }
        }
        return lines
    }
}
