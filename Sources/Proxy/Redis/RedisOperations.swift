import Wire

/// The commands of a `redis` link, with the numbers that their names have in the history.
final class RedisOperations {
    let table = RedisCommandTable()
    /// Room for messages that are found in one go.
    let small = UnsafeMutablePointer<RedisReading.Small>.allocate(capacity: RedisReading.smallMax)
    private let history: HistoryWriter?
    private let numbers: UnsafeMutablePointer<UInt32>

    init(_ history: HistoryWriter?) {
        self.history = history
        numbers = .allocate(capacity: RedisCommandTable.commandsMax)
        numbers.initialize(repeating: .max, count: RedisCommandTable.commandsMax)
    }

    deinit {
        numbers.deallocate()
        small.deallocate()
    }

    /// What a command's label is in the history.
    @inline(__always)
    func number(of command: Int) -> UInt32 {
        let known = numbers[command]
        return known == .max ? define(command) : known
    }

    private func define(_ command: Int) -> UInt32 {
        numbers[command] = history?.number(of: table.labels[command]) ?? 0
        return numbers[command]
    }
}
