/// Finds commands by their names, and numbers them. A loop has one for each of its links.
///
/// Names up to 24 bytes are compared as three numbers, so that looking one up makes no string.
package final class RedisCommandTable {
    private struct Slot {
        var words: (UInt64, UInt64, UInt64)
        /// Of the container, 0 for none.
        var container: Int32
        /// -1 while the slot is free.
        var command: Int32
    }

    /// The label of each: its name in capitals, with its first argument where it is a container.
    package private(set) var labels: [String] = []
    /// The commands themselves, which hold no references, so that looking at one counts none.
    private let commands: UnsafeMutablePointer<RedisCommand>
    private let slots: UnsafeMutableBufferPointer<Slot>
    /// Commands that no list names, by label: those of modules, and new ones.
    private var others: [String: Int] = [:]
    /// So many names that nobody knows are told apart.
    private static let othersMax = 1000
    private static let slotCount = 2048
    /// As many as there are slots for, and the others.
    package static let commandsMax = slotCount + othersMax
    /// Longer names are none.
    private static let nameBytesMax = 64

    package init() {
        commands = .allocate(capacity: Self.commandsMax)
        slots = .allocate(capacity: Self.slotCount)
        slots.initialize(repeating: Slot(words: (0, 0, 0), container: 0, command: -1))
        // Number 0 is what has no name that makes sense.
        append("OTHER", RedisCommand(traits: [], kind: .ordinary, keys: .none))
        // Containers come before what they contain.
        for line in RedisCommandList.lines where line.traits.contains(.container) {
            for name in line.names { add(name, line.traits, line.keys) }
        }
        for line in RedisCommandList.lines where !line.traits.contains(.container) {
            for name in line.names { add(name, line.traits, line.keys) }
        }
    }

    deinit {
        slots.deallocate()
        commands.deallocate()
    }

    /// - Parameter number: as looking a name up gives it.
    package subscript(number: Int) -> RedisCommand {
        @inline(__always) get { commands[number] }
    }

    private func append(_ label: String, _ command: RedisCommand) {
        (commands + labels.count).initialize(to: command)
        labels.append(label)
    }

    private func add(_ listed: Substring, _ traits: RedisCommand.Traits, _ keys: RedisKeys) {
        let parts = listed.split(separator: "|")
        let container = parts.count > 1 ? number(of: Array(parts[0].utf8), in: 0) : 0
        let label = parts.joined(separator: " ")
        append(label, RedisCommand(traits: traits, kind: RedisCommand.Kind(label: label), keys: keys))
        let name = Array(parts[parts.count - 1].utf8)
        let words = name.withUnsafeBytes { Self.words($0) }
        var index = Self.hash(words, container)
        while slots[index].command >= 0 { index = (index + 1) % Self.slotCount }
        slots[index] = Slot(
            words: words, container: Int32(container), command: Int32(labels.count - 1))
    }

    private func number(of name: [UInt8], in container: Int) -> Int {
        name.withUnsafeBytes { find($0, in: container) } ?? 0
    }

    // MARK: Looking up

    /// The number of a command that a list names; `nil` for others.
    @inline(__always)
    func known(_ bytes: RawSpan, _ name: Range<Int>) -> Int? {
        bytes.extracting(name).withUnsafeBytes { find($0, in: 0) }
    }

    /// The number of the command that a name stands for, whatever its case.
    package func command(_ name: RawSpan) -> Int {
        name.withUnsafeBytes { find($0, in: 0) ?? other($0, in: 0) }
    }

    /// The number of a container's command.
    package func command(_ name: RawSpan, of container: Int) -> Int {
        name.withUnsafeBytes { find($0, in: container) ?? other($0, in: container) }
    }

    private func find(_ name: UnsafeRawBufferPointer, in container: Int) -> Int? {
        guard name.count <= 24 else { return nil }
        let words = Self.words(name)
        var index = Self.hash(words, container)
        while true {
            let slot = slots[index]
            guard slot.command >= 0 else { return nil }
            if slot.words == words, slot.container == container { return Int(slot.command) }
            index = (index + 1) % Self.slotCount
        }
    }

    /// A command that no list names. Its first argument is most often a key.
    private func other(_ name: UnsafeRawBufferPointer, in container: Int) -> Int {
        guard !name.isEmpty, name.count <= Self.nameBytesMax, name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return container
        }
        let text = String(decoding: name, as: UTF8.self).uppercased()
        let label = container == 0 ? text : "\(labels[container]) \(text)"
        if let known = others[label] { return known }
        guard others.count < Self.othersMax else { return container }
        let keys: RedisKeys = container == 0 ? .listed(first: 1, last: 1, step: 1) : .none
        append(label, RedisCommand(traits: [], kind: .ordinary, keys: keys))
        others[label] = labels.count - 1
        return labels.count - 1
    }

    private static func hash(_ words: (UInt64, UInt64, UInt64), _ container: Int) -> Int {
        var mixed = words.0 &+ UInt64(container)
        mixed = (mixed ^ (words.1 &* 0xC4CE_B9FE_1A85_EC53) ^ (words.2 << 7)) &* 0xFF51_AFD7_ED55_8CCD
        return Int(truncatingIfNeeded: mixed >> 53)
    }

    /// Up to 24 bytes of a name as numbers, in capitals.
    private static func words(_ name: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64) {
        func word(_ start: Int) -> UInt64 {
            var (word, shift) = (UInt64(0), UInt64(0))
            var index = start
            let end = min(name.count, start + 8)
            while index < end {
                word |= UInt64(name[index]) << shift
                shift += 8
                index += 1
            }
            return capitals(word)
        }
        if name.count <= 8 { return (word(0), 0, 0) }
        return (word(0), word(8), word(16))
    }

    /// The same with each of its eight bytes from a to z in capitals.
    private static func capitals(_ word: UInt64) -> UInt64 {
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        let beyondZ = low &+ 0x0505_0505_0505_0505
        let fromA = low &+ 0x1F1F_1F1F_1F1F_1F1F
        let small = ~word & (fromA ^ beyondZ) & 0x8080_8080_8080_8080
        return word ^ (small >> 2)
    }
}

extension RedisCommand.Kind {
    fileprivate init(label: String) {
        self =
            switch label {
            case "MULTI": .multi
            case "EXEC": .exec
            case "DISCARD": .discard
            case "WATCH": .watch
            case "HELLO": .hello
            case "RESET": .reset
            case "QUIT": .quit
            case "MONITOR": .monitor
            case "CLIENT REPLY": .clientReply
            case "SUBSCRIBE": .subscribe
            case "PSUBSCRIBE": .psubscribe
            case "SSUBSCRIBE": .ssubscribe
            case "UNSUBSCRIBE": .unsubscribe
            case "PUNSUBSCRIBE": .punsubscribe
            case "SUNSUBSCRIBE": .sunsubscribe
            case "SYNC", "PSYNC": .sync
            default: .ordinary
            }
    }
}
