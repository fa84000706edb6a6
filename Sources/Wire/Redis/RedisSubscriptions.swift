/// How much a connection is subscribed to, by what the server has confirmed.
struct RedisSubscriptions: Sendable {
    private var channels = 0
    private var patterns = 0
    private var shardChannels = 0

    var isEmpty: Bool { channels + patterns + shardChannels == 0 }

    /// How many of those there are that a command is about.
    func count(of kind: RedisCommand.Kind) -> Int {
        switch kind {
        case .subscribe, .unsubscribe: channels
        case .psubscribe, .punsubscribe: patterns
        default: shardChannels
        }
    }

    /// A confirmation says how many there are now: of channels and patterns together, or of shard channels.
    mutating func confirm(_ kind: RedisCommand.Kind, total: Int) {
        let total = min(max(total, 0), Int(Int32.max))
        switch kind {
        case .subscribe, .unsubscribe: channels = max(0, total - patterns)
        case .psubscribe, .punsubscribe: patterns = max(0, total - channels)
        default: shardChannels = total
        }
    }
}
