/// Reading numbers and text out of bytes. The caller has checked that they are there.
extension RawSpan {
    @inline(__always) func byte(at index: Int) -> UInt8 { unsafeLoad(fromByteOffset: index, as: UInt8.self) }

    @inline(__always) func bigEndian32(at index: Int) -> Int {
        Int(Int32(bigEndian: unsafeLoadUnaligned(fromByteOffset: index, as: Int32.self)))
    }

    @inline(__always) func bigEndian16(at index: Int) -> Int {
        Int(UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: index, as: UInt16.self)))
    }

    func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The text from `index` up to a byte 0, which is not in it; `nil` when there is none.
    func terminatedText(at index: Int) -> (text: String, end: Int)? {
        var end = index
        while end < byteCount, byte(at: end) != 0 { end += 1 }
        guard end < byteCount else { return nil }
        return (text(index..<end), end + 1)
    }
}
