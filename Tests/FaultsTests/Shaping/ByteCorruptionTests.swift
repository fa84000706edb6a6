import Faults
import Testing

/// Which bytes are flipped: a matter of the seed and of positions, never of how the stream is cut.
struct ByteCorruptionTests {
    /// A stream of zeros after corruption, handed over in chunks of these sizes, again and again.
    private func damaged(
        _ count: Int, share: Double, seed: UInt64 = 5, chunks: [Int]
    ) -> (bytes: [UInt8], struck: Int) {
        var corruption = ByteCorruption(share: share, seed: seed)
        var bytes = [UInt8](repeating: 0, count: count)
        var struck = 0
        bytes.withUnsafeMutableBytes { buffer in
            var (at, turn) = (0, 0)
            while at < count {
                let size = min(chunks[turn % chunks.count], count - at)
                struck += corruption.apply(to: UnsafeMutableRawBufferPointer(rebasing: buffer[at..<at + size]))
                (at, turn) = (at + size, turn + 1)
            }
        }
        return (bytes, struck)
    }

    @Test(arguments: [0.0001, 0.01, 0.3, 0.99, 1.0]) func theCutChangesNothing(share: Double) {
        let whole = damaged(20_000, share: share, chunks: [20_000])
        for chunks in [[1], [7, 1, 4096], [1460], [0, 3]] {
            let cut = damaged(20_000, share: share, chunks: chunks)
            #expect(cut.bytes == whole.bytes)
            #expect(cut.struck == whole.struck)
        }
    }

    @Test(arguments: [
        (0.001, 850...1150), (0.1, 99_000...101_000), (0.5, 498_000...502_000), (1.0, 1_000_000...1_000_000),
    ])
    func theShareOfBytesIsStruck(share: Double, expected: ClosedRange<Int>) {
        let result = damaged(1_000_000, share: share, chunks: [65_536])
        #expect(expected.contains(result.struck))
        #expect(result.bytes.count { $0 != 0 } == result.struck, "what counts as struck has changed")
    }

    @Test func oneBitOfAByteAndEachAsLikely() {
        let bytes = damaged(80_000, share: 1, chunks: [80_000]).bytes
        #expect(bytes.allSatisfy { $0.nonzeroBitCount == 1 })
        for bit in 0..<8 { #expect((9_500...10_500).contains(bytes.count { $0 == 1 << bit })) }
    }

    /// Distances of a geometric distribution have no memory: the byte behind a struck one is as likely as any.
    @Test func neighboursAreStruckAsOftenAsOthers() {
        let bytes = damaged(400_000, share: 0.25, chunks: [400_000]).bytes
        let struck = bytes.indices.dropLast().filter { bytes[$0] != 0 }
        let both = struck.count { bytes[$0 + 1] != 0 }
        #expect((0.24...0.26).contains(Double(both) / Double(struck.count)))
    }

    @Test func anotherSeedStrikesOtherBytes() {
        let first = damaged(10_000, share: 0.1, seed: 1, chunks: [10_000])
        #expect(damaged(10_000, share: 0.1, seed: 1, chunks: [10_000]).bytes == first.bytes)
        #expect(damaged(10_000, share: 0.1, seed: 2, chunks: [10_000]).bytes != first.bytes)
    }

    @Test(arguments: [Double.leastNonzeroMagnitude, 1e-300, 1e-17]) func aShareNearZeroStrikesNothingAndTrapsNowhere(
        share: Double
    ) {
        for seed in 0..<200 { #expect(damaged(1_000, share: share, seed: UInt64(seed), chunks: [10]).struck == 0) }
    }
}
