import Wire

/// Damages recorded traffic.
struct Mutator {
    let corpus: [Conversation]
    let codec: any FuzzedCodec
    /// Longer streams are cut off.
    private static let bytesMax = 100_000

    func next(_ random: inout FuzzRandom) -> Conversation {
        if random.below(50) == 0 {
            return Conversation(name: "random", request: noise(&random), response: noise(&random))
        }
        var conversation = corpus[random.below(corpus.count)]
        for _ in 0...random.below(4) {
            let direction = Direction.allCases[random.below(2)]
            mutate(&conversation[direction], direction, &random)
            conversation[direction].removeLast(max(0, conversation[direction].count - Self.bytesMax))
        }
        return conversation
    }

    private func noise(_ random: inout FuzzRandom) -> [UInt8] {
        (0..<random.below(200)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    private func mutate(_ bytes: inout [UInt8], _ direction: Direction, _ random: inout FuzzRandom) {
        guard !bytes.isEmpty else { return }
        let place = random.below(bytes.count)
        let range = random.range(within: bytes.count)
        switch random.below(11) {
        case 0: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1: bytes[place] = [0, 0x0A, 0x0D, 0x20, 0x3A, 0x7F, 0x80, 0xFF][random.below(8)]
        case 2: bytes.removeSubrange(place...)
        case 3: bytes.removeSubrange(range)
        case 4: bytes.insert(contentsOf: Array(bytes[range]), at: place)
        case 5: bytes.insert(contentsOf: noise(&random), at: place)
        case 6: bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
        case 7:
            let other = corpus[random.below(corpus.count)][direction]
            bytes.replaceSubrange(place..., with: other[random.below(other.count)...])
        case 8:
            // As long as anything may be that is waited for whole, and longer.
            let length = [10, 1000, 9000, 70_000][random.below(4)]
            bytes.insert(contentsOf: repeatElement(bytes[place], count: length), at: place)
        default: codec.changeLength(&bytes, direction, &random)
        }
    }
}
