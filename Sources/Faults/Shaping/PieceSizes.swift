/// The sizes of the pieces that a stream is cut in, one after another: each from `size - variation` to `size + variation`,
/// all as likely.
package struct PieceSizes: Hashable, Sendable {
    private let slicing: Slicing
    private var random: SeededRandom

    package init(_ slicing: Slicing, seed: UInt64) {
        self.slicing = slicing
        random = SeededRandom(seed: seed)
    }

    /// In bytes, at least one.
    package mutating func next() -> Int {
        guard slicing.variation > 0 else { return max(slicing.size, 1) }
        let spread = Int(random.unit() * Double(2 * slicing.variation + 1))
        return max(slicing.size - slicing.variation + spread, 1)
    }
}
