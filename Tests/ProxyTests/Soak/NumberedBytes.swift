import Faults

/// A stream in which every byte has its place: eight bytes at a time are a hash of the stream's key and their number, so no
/// two stretches are alike and a byte that is lost, added or moved shows where it happened.
struct NumberedBytes {
    private let key: UInt64

    init(_ words: UInt64...) {
        var hash = StableHash()
        for word in words { hash.mix(word) }
        key = hash.value
    }

    /// The bytes of this stream from `offset` on.
    func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) {
        forEachWord(buffer.count, from: offset) { word, skipped, position, length in
            withUnsafeBytes(of: word.littleEndian) {
                buffer.baseAddress!.advanced(by: position).copyMemory(
                    from: $0.baseAddress!.advanced(by: skipped), byteCount: length)
            }
        }
    }

    func bytes(_ count: Int, from offset: Int = 0) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
            filled = count
        }
    }

    /// The offsets in the stream at which `bytes`, which came from `offset` on, differ from it.
    func differences(in bytes: UnsafeRawBufferPointer, from offset: Int) -> [Int] {
        var found: [Int] = []
        forEachWord(bytes.count, from: offset) { word, skipped, position, length in
            if length == 8, bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) == word.littleEndian {
                return
            }
            withUnsafeBytes(of: word.littleEndian) { expected in
                for index in 0..<length where expected[skipped + index] != bytes[position + index] {
                    found.append(offset + position + index)
                }
            }
        }
        return found
    }

    /// - Parameter body: a word of the stream, how many of its bytes come before the stretch, where in the stretch the rest
    ///   belongs, and how many bytes of it do.
    private func forEachWord(_ count: Int, from offset: Int, _ body: (UInt64, Int, Int, Int) -> Void) {
        var position = 0
        while position < count {
            let number = (offset + position) / 8
            let skipped = (offset + position) % 8
            let length = min(8 - skipped, count - position)
            var random = SeededRandom(seed: key &+ UInt64(number))
            body(random.next(), skipped, position, length)
            position += length
        }
    }
}
