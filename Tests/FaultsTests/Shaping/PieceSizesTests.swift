import Faults
import Testing

struct PieceSizesTests {
    private func sizes(_ count: Int, _ slicing: Slicing, seed: UInt64 = 3) -> [Int] {
        var pieces = PieceSizes(slicing, seed: seed)
        return (0..<count).map { _ in pieces.next() }
    }

    @Test func allAreOfTheSizeWithoutVariation() {
        #expect(sizes(5, Slicing(size: 64)) == [64, 64, 64, 64, 64])
    }

    @Test func theyKeepToTheirBoundsAndUseAllOfThem() {
        let found = sizes(10_000, Slicing(size: 10, variation: 3))
        #expect(Set(found) == Set(7...13))
        for size in 7...13 { #expect((1_200...1_660).contains(found.count { $0 == size })) }
    }

    @Test func noPieceIsEmpty() {
        #expect(Set(sizes(1_000, Slicing(size: 2, variation: 1))) == [1, 2, 3])
        #expect(sizes(1_000, Slicing(size: 1 << 40, variation: (1 << 40) - 1)).allSatisfy { $0 > 0 })
    }

    @Test func theSeedAloneDecides() {
        let slicing = Slicing(size: 1000, variation: 500)
        #expect(sizes(100, slicing, seed: 1) == sizes(100, slicing, seed: 1))
        #expect(sizes(100, slicing, seed: 1) != sizes(100, slicing, seed: 2))
    }
}
