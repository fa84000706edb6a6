/// A 64-bit hash of a body that streams by, the same however it is cut into pieces, on every run and every machine.
///
/// It tells bodies apart, and withstands nobody who wants two to look alike. Eight bytes a step (after MurmurHash3's
/// finalizer), since each body of a link may go through it.
package struct BodyHash: Hashable, Sendable {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// Bytes that do not make a word yet, the first in the lowest place.
    private var rest: UInt64 = 0
    private var count = 0

    package init() {}

    package mutating func mix(_ bytes: RawSpan) {
        var index = 0
        while index < bytes.byteCount, count % 8 != 0 {
            mix(byte: bytes.byte(at: index))
            index += 1
        }
        while index + 8 <= bytes.byteCount {
            mix(word: UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index += 8
            count += 8
        }
        while index < bytes.byteCount {
            mix(byte: bytes.byte(at: index))
            index += 1
        }
    }

    package var value: UInt64 {
        var end = self
        if count % 8 != 0 { end.mix(word: rest) }
        end.mix(word: UInt64(count))
        return end.state ^ (end.state >> 32)
    }

    /// `#` and 16 hexadecimal digits, as the key of a call.
    package var key: String {
        let digits = String(value, radix: 16)
        return "#" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func mix(byte: UInt8) {
        rest |= UInt64(byte) << UInt64(8 * (count % 8))
        count += 1
        guard count % 8 == 0 else { return }
        mix(word: rest)
        rest = 0
    }

    private mutating func mix(word: UInt64) {
        state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
        state = (state ^ (state >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        state ^= state >> 29
    }
}
