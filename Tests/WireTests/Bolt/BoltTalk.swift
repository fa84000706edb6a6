import Wire

/// Bytes of Bolt, written down by hand, and what the decoder finds in them.
struct BoltTalk {
    private(set) var bytes: [UInt8] = []

    /// Offers 5.4 down to 5.0, and 4.4.
    static let offer: [UInt8] = [
        0x60, 0x60, 0xB0, 0x17, 0, 4, 4, 5, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0,
    ]
    static let offered = BoltTalk().raw(offer)
    static let agreed = BoltTalk().raw([0, 0, 4, 5])

    /// A message in one chunk, or in chunks of so many bytes.
    func message(_ tag: UInt8, _ fields: BoltValue..., chunks: Int = 0xFFFF) -> BoltTalk {
        let content = Self.content(tag, fields)
        var talk = self
        for start in stride(from: 0, to: content.count, by: chunks) {
            let part = content[start..<min(start + chunks, content.count)]
            talk = talk.raw([UInt8(part.count >> 8), UInt8(part.count & 0xFF)] + part)
        }
        return talk.raw([0, 0])
    }

    var noop: BoltTalk { raw([0, 0]) }

    func raw(_ more: [UInt8]) -> BoltTalk {
        var talk = self
        talk.bytes += more
        return talk
    }

    static func content(_ tag: UInt8, _ fields: [BoltValue]) -> [UInt8] {
        var writer = PackStreamWriter()
        writer.write(.structure(tag: tag, fields: fields))
        return writer.bytes
    }

    /// What the decoder finds, however the bytes are cut: a line a message, such as `10 40` for its tag, in hexadecimal, and
    /// how much of it was looked at, with `...` behind one that has not ended, and `!` where it gave up.
    ///
    /// - Parameter agreement: what the server has answered, for the client's side.
    static func lines(
        _ direction: Direction, _ bytes: [UInt8], agreement: BoltAgreement = .version(BoltVersion(5, 4)),
        cutAt cuts: [Int] = []
    ) -> [String] {
        var decoder = BoltDecoder(direction)
        var lines: [String] = []
        var kept: [UInt8] = []
        var start = 0
        for end in cuts + [bytes.count] {
            kept += bytes[start..<end]
            start = end
            while true {
                let piece: BoltDecoder.Piece?
                do throws(WireError) { piece = try decoder.next(kept.span.bytes) } catch { return lines + ["!"] }
                guard let piece else { break }
                kept.removeFirst(piece.length)
                if decoder.awaitsAgreement { decoder.agree(on: agreement) }
                switch piece.kind {
                case .handshake: lines.append("handshake \(piece.length)")
                case .noop: lines.append("noop")
                case .message(let tag):
                    lines.append("\(String(tag, radix: 16)) \(decoder.beginning.count) ...")
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
