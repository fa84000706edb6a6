import Glibc

/// Flips bits of a stream: which ones depends on the seed and on how many bytes went before, not on how the stream happens
/// to be cut in chunks.
///
/// Each byte is struck with the same chance, and one of its eight bits is flipped, each as likely as another. What is drawn
/// is the distance from one struck byte to the next, which is distributed geometrically; so rare corruption costs no more
/// than the bytes it strikes.
package struct ByteCorruption: Hashable, Sendable {
    private let share: Double
    private var random: SeededRandom
    /// Bytes that pass unharmed before the next one that is struck.
    private var distance = 0

    /// - Parameter share: of the bytes, above 0 and up to 1.
    package init(share: Double, seed: UInt64) {
        self.share = share
        random = SeededRandom(seed: seed)
        distance = nextDistance()
    }

    /// Flips bits of the next bytes of the stream.
    ///
    /// - Returns: how many bytes are not what they were.
    package mutating func apply(to bytes: UnsafeMutableRawBufferPointer) -> Int {
        var struck = 0
        var at = distance
        while at < bytes.count {
            bytes[at] ^= 1 << UInt8(random.next() & 7)
            struck += 1
            at += 1 + nextDistance()
        }
        distance = at - bytes.count
        return struck
    }

    /// How many bytes pass before one is struck, by inversion: the logarithm of an even random number to the base of the
    /// chance that a byte passes.
    private mutating func nextDistance() -> Int {
        guard share < 1 else { return 0 }
        let drawn = log(1 - random.unit()) / log1p(-share)
        return drawn < Self.distanceMax ? Int(drawn) : Int(Self.distanceMax)
    }

    /// More bytes than any stream has, and so few that a sum of two doesn't overflow.
    private static let distanceMax = 0x1p61
}
