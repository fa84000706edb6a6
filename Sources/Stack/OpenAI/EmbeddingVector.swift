/// Vectors that stand for texts: the same text has the same vector, two texts all but certainly not. They carry no meaning.
package enum EmbeddingVector {
    /// A vector of unit length, the same for the same arguments on every machine.
    ///
    /// Fewer dimensions give the beginning of the longer vector, brought to unit length again, as the real API shortens.
    package static func of(
        _ text: String, dimensions: Int = 1536, model: String = "text-embedding-3-small"
    ) -> [Float] {
        var state = hash(text, seed: hash(model, seed: 0xCBF2_9CE4_8422_2325))
        var squares = 0.0
        var vector = [Float](unsafeUninitializedCapacity: dimensions) { buffer, count in
            for index in 0..<dimensions {
                // The upper 24 bits, as a number from -1 to 1.
                let value = Float(Int32(truncatingIfNeeded: next(&state) >> 40) - (1 << 23)) / Float(1 << 23)
                squares += Double(value) * Double(value)
                buffer[index] = value
            }
            count = dimensions
        }
        guard squares > 0 else {
            // One dimension may come out as zero.
            vector[0] = 1
            return vector
        }
        let scale = 1 / squares.squareRoot()
        for index in vector.indices { vector[index] = Float(Double(vector[index]) * scale) }
        return vector
    }

    /// FNV-1a.
    private static func hash(_ text: String, seed: UInt64) -> UInt64 {
        var hash = seed
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }

    /// SplitMix64.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
