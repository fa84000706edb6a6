import Stores

/// Cuts a text into chunks of bounded size, at paragraphs where it can, else at sentences, else at words.
/// Deterministic, and linear in the text's size: each byte is looked at a bounded number of times.
package struct Chunker: Sendable {
    /// The most bytes of UTF-8 in a chunk.
    package var sizeMax: Int
    /// A chunk begins up to this many bytes before its predecessor's end, so that a sentence across a border is found.
    package var overlap: Int

    package init(sizeMax: Int = 1000, overlap: Int = 80) {
        precondition(overlap >= 0 && sizeMax >= 64 && overlap < sizeMax / 4)
        self.sizeMax = sizeMax
        self.overlap = overlap
    }

    /// Chunks with white space trimmed at both ends, none of them empty.
    package func chunks(of text: String) -> [Chunk] {
        var copy = text
        return copy.withUTF8 { bytes in
            ranges(of: bytes).enumerated().map { ordinal, range in
                let piece = UnsafeBufferPointer(rebasing: bytes[range])
                return Chunk(
                    ordinal: ordinal, text: String(decoding: piece, as: UTF8.self),
                    digest: SHA256.hex(UnsafeRawBufferPointer(piece)))
            }
        }
    }

    private func ranges(of bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while let first = skipSpace(bytes, from: start) {
            let end = cut(bytes, from: first)
            var trimmed = end
            while Self.isSpace(bytes[trimmed - 1]) { trimmed -= 1 }
            found.append(first..<trimmed)
            guard end < bytes.count else { break }
            start = restart(bytes, chunk: first..<end)
        }
        return found
    }

    private func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var position = start
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        return position < bytes.count ? position : nil
    }

    /// The best end of a chunk that begins at `start`: the last border of the best kind in the chunk's second half.
    private func cut(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let limit = start + sizeMax
        guard limit < bytes.count else { return bytes.count }
        var sentence: Int?
        var word: Int?
        var position = limit
        while position > start + sizeMax / 2 {
            let before = bytes[position - 1]
            if Self.isSpace(before) {
                if word == nil { word = position }
                let last = bytes[position - 2]
                if before == 0x0A, last == 0x0A || last == 0x0C { return position }
                if sentence == nil, before == 0x0A || Self.endsSentence(last) { sentence = position }
            }
            position -= 1
        }
        return sentence ?? word ?? scalarBorder(bytes, atOrBefore: limit)
    }

    /// The first word that begins in the overlap before the chunk's end, or the end itself.
    private func restart(_ bytes: UnsafeBufferPointer<UInt8>, chunk: Range<Int>) -> Int {
        var position = max(chunk.upperBound - overlap, chunk.lowerBound + 1)
        while position < chunk.upperBound {
            if Self.isSpace(bytes[position - 1]) { return position }
            position += 1
        }
        return chunk.upperBound
    }

    private func scalarBorder(_ bytes: UnsafeBufferPointer<UInt8>, atOrBefore limit: Int) -> Int {
        var position = limit
        while bytes[position] & 0xC0 == 0x80 { position -= 1 }
        return position
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func endsSentence(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }
}
