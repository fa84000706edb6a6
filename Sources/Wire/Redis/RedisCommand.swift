/// What a link has to know of a command of Redis.
package struct RedisCommand: Sendable {
    /// What the server's own table says of it (`COMMAND`), as far as faults or sessions go by it.
    package struct Traits: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// It may change data.
        package static let write = Traits(rawValue: 1)
        /// It is refused when memory is short.
        package static let needsMemory = Traits(rawValue: 2)
        /// It is taken while the server loads its data.
        package static let loading = Traits(rawValue: 4)
        /// It is taken by a replica that has lost its master.
        package static let stale = Traits(rawValue: 8)
        /// It may wait for what others do.
        package static let blocking = Traits(rawValue: 16)
        /// It sets the connection up, or asks whether it is there, and touches no data.
        package static let setUp = Traits(rawValue: 32)
        /// It is named together with its first argument: `CLIENT SETINFO`.
        package static let container = Traits(rawValue: 64)
    }

    /// What it does to its session, where it does anything.
    package enum Kind: UInt8, Hashable, Sendable {
        case ordinary
        case multi, exec, discard, watch
        case hello, reset, quit, monitor, clientReply
        case subscribe, psubscribe, ssubscribe, unsubscribe, punsubscribe, sunsubscribe
        /// What comes behind its answer is a stream of its own.
        case sync

        /// Each of its arguments is answered by a message of its own.
        var isSubscription: Bool { rawValue >= Kind.subscribe.rawValue && rawValue <= Kind.sunsubscribe.rawValue }
    }

    package var traits: Traits
    package var kind: Kind
    package var keys: RedisKeys
}

/// Where a command has its keys. Arguments are counted from its name, which is number 0.
package enum RedisKeys: Hashable, Sendable {
    case none
    /// From one argument to another in steps; a negative last counts from the end.
    case listed(first: Int, last: Int, step: Int)
    /// An argument says how many follow it; the first argument is a key too, or none.
    case counted(at: Int, hasFirst: Bool)
    /// The first half of what is behind the word `STREAMS`.
    case streams
    /// The first argument, and what is behind the words `STORE` and `STOREDIST`.
    case store
    /// The third argument, or all behind the word `KEYS` (`MIGRATE`).
    case migrate
}
