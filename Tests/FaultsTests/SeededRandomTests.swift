import Faults
import Testing

struct SeededRandomTests {
    /// The reference outputs of SplitMix64 for the seed 1234567.
    @Test func isSplitMix64() {
        var random = SeededRandom(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
        #expect((0..<5).map { _ in random.next() } == expected)
    }

    @Test func unitsStayBelowOne() {
        var random = SeededRandom(seed: 3)
        let units = (0..<10_000).map { _ in random.unit() }
        #expect(units.allSatisfy { (0..<1).contains($0) })
        #expect((0.48...0.52).contains(units.reduce(0, +) / 10_000))
    }

    /// FNV-1a as its authors define it; `mix` ends each text with 0xFF.
    @Test func hashesAreTheSameOnEveryMachine() {
        #expect(StableHash().value == 0xCBF2_9CE4_8422_2325)
        var joined = StableHash()
        joined.mix("ab")
        joined.mix("c")
        var split = StableHash()
        split.mix("a")
        split.mix("bc")
        #expect(joined != split)
        var number = StableHash()
        number.mix(0x61)
        // 'a' and seven zero bytes.
        var byHand: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in [0x61, 0, 0, 0, 0, 0, 0, 0] as [UInt64] { byHand = (byHand ^ byte) &* 0x100_0000_01B3 }
        #expect(number.value == byHand)
    }
}
