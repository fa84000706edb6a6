import Wire

/// A codec as the fuzzer knows it.
protocol FuzzedCodec: Sendable {
    /// The folder of its corpus.
    var name: String { get }
    /// Puts something else where the protocol says how long something is.
    func changeLength(_ bytes: inout [UInt8], _ direction: Direction, _ random: inout FuzzRandom)
    /// Reads a conversation that arrives in pieces.
    func read(_ conversation: Conversation, cutAt cuts: FuzzCuts) -> FuzzReading
}

/// What was made of a conversation.
struct FuzzReading: Equatable {
    /// What the streams hold, the same however they are cut.
    var lines: [String] = []
    /// What must never be, such as a piece longer than the bytes that were there.
    var complaints: [String] = []
}

/// Where the two streams of a conversation are cut.
enum FuzzCuts: Equatable {
    case nowhere
    case everywhere
    case drawn(seed: UInt64)

    /// The ends of the deliveries of `count` bytes.
    func ends(_ count: Int) -> [Int] {
        switch self {
        case .nowhere: return [count]
        case .everywhere: return Array(stride(from: 1, through: count, by: 1))
        case .drawn(let seed):
            var random = FuzzRandom(seed)
            let longest = [3, 40, 500, 9000][random.below(4)]
            var ends: [Int] = []
            while ends.last ?? 0 < count { ends.append(min(count, (ends.last ?? 0) + 1 + random.below(longest))) }
            return ends
        }
    }
}
