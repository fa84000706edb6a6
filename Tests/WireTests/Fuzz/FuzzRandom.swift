/// SplitMix64: the same numbers for the same seed, on every machine.
struct FuzzRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 up to `bound`, which is not drawn; 0 where there is nothing to draw from.
    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int.random(in: 0..<bound, using: &self) : 0 }

    /// A range within `count`, rarely a long one.
    mutating func range(within count: Int) -> Range<Int> {
        let start = below(count)
        let longest = below(4) == 0 ? count - start : min(32, count - start)
        return start..<(start + below(longest + 1))
    }
}
