/// A small generator whose values depend on nothing but its seed (Steele, Lea and Flood, 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for each key.
    package init(seed: UInt64, _ key: String...) {
        self.init(seed: seed, key: key)
    }

    private init(seed: UInt64, key: [String]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in key {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        var mixer = SplitMix64(seed: seed ^ hash)
        state = mixer.next()
    }

    /// One value in 0..<1 for a key.
    static func unit(seed: UInt64, _ key: String...) -> Double {
        var generator = SplitMix64(seed: seed, key: key)
        return generator.unit()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0..<1
    package mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// 0..<bound, for small bounds.
    package mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}
