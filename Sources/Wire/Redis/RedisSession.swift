/// What is known of one connection to Redis: its transaction, its protocol, what it is subscribed to, and which commands await an
/// answer. It looks at each message once, in the order of its direction, and changes none.
package struct RedisSession: ~Copyable {
    /// A command, as far as it tells what it is.
    package struct Unit: Hashable, Sendable {
        /// Its number in the table.
        package var command: Int
        package var kind: RedisCommand.Kind
        package var keys: RedisKeys
        /// Where its first key lies in the command's beginning; empty where it has none.
        package var key: Range<Int>
        package var argumentCount: Int
        /// The number of the transaction or lone command on its connection, from 1.
        package var transaction = 0
        /// The server runs it with `EXEC`.
        package var isQueued = false
        /// Of `HELLO` the version that is asked for, 0 for none; of `CLIENT REPLY` a letter of the mode; of a `MULTI`
        /// within a transaction 1.
        package var detail = 0
    }

    /// A command that awaits its answer.
    package struct Awaited: Hashable, Sendable {
        package var exchange: Int
        /// What a retry of it has in common with it; 0 where nobody asked.
        package var call: UInt64 = 0
        package var command: Int32
        package var transaction: Int32
        /// Messages of which the answer is made up; 0 where its first tells.
        var messages: Int32 = 1
        var keyLength: UInt16
        package var kind: RedisCommand.Kind
        package var isQueued: Bool
        /// The server does not know of it: the link answers it.
        package var isOwn = false
        var detail: UInt8
    }

    /// What a message of the server is.
    package enum Answer: Hashable, Sendable {
        /// The first of the answer to the command whose turn it is, or the whole of it.
        case first
        /// More of that.
        case more
        /// It comes when it likes: what was published, what another client did.
        case aside
        /// Nobody awaits it.
        case stray
    }

    /// Keys are kept so far for the answers.
    package static let keyBytesMax = 256

    /// Names commands.
    package let table: RedisCommandTable
    var queue = RedisQueue()

    // Of the client's side: what the server will have come to when it reads what comes next.
    package private(set) var isInTransaction = false
    private var transaction: Int32 = 0
    private var isSilent = false
    private var isNextSilent = false
    /// The server reads nothing any more.
    private var hasQuit = false

    // Of the server's side: what it had come to when it answered last.
    /// Of the protocol, 2 or 3.
    package private(set) var version = 2
    private var isMonitoring = false
    private var subscriptions = RedisSubscriptions()
    /// The transaction that will not be executed, as one of its commands was refused; 0 for none.
    private var spoilt: Int32 = 0
    /// The answer whose messages are coming is one of these many.
    private var hasBegun = false

    package init(_ table: RedisCommandTable) { self.table = table }

    package var openCount: Int { queue.count }
    package var first: Awaited? { queue.first }
    /// Its beginning, where it is long.
    package var firstKey: UnsafeRawBufferPointer { queue.firstKey }

    // MARK: Requests

    /// - Parameter bytes: the command's beginning, as the decoder found it.
    package mutating func request(_ piece: RedisRequestDecoder.Piece, _ bytes: RawSpan) -> Unit {
        var number = table.command(bytes.extracting(piece.name))
        if table[number].traits.contains(.container), piece.argumentCount > 1, !piece.first.isEmpty {
            number = table.command(bytes.extracting(piece.first), of: number)
        }
        let command = table[number]
        var unit = Unit(
            command: number, kind: command.kind, keys: command.keys, key: 0..<0, argumentCount: piece.argumentCount)
        switch command.keys {
        case .none: break
        case .listed(first: 1, _, _), .store: unit.key = piece.first
        default:
            var isFirst = true
            command.keys.forEach(in: bytes, argumentCount: piece.argumentCount) { range in
                if isFirst { unit.key = range }
                isFirst = false
            }
        }
        if isInTransaction {
            unit.isQueued = Self.isQueued(unit.kind)
        } else {
            transaction &+= 1
        }
        unit.transaction = Int(transaction)
        switch unit.kind {
        case .hello, .clientReply: unit.detail = detail(unit, bytes)
        case .multi: unit.detail = isInTransaction ? 1 : 0
        default: break
        }
        return unit
    }

    /// Commands that the server runs at once in a transaction too (`processCommand`).
    private static func isQueued(_ kind: RedisCommand.Kind) -> Bool {
        switch kind {
        case .multi, .exec, .discard, .watch, .quit, .reset: false
        default: true
        }
    }

    private func detail(_ unit: Unit, _ bytes: RawSpan) -> Int {
        var arguments = RedisArguments(bytes)
        let place = unit.kind == .hello ? 1 : 2
        guard unit.kind == .hello || unit.argumentCount == 3 else { return 0 }
        for _ in 0..<place { _ = arguments.next(bytes) }
        guard let range = arguments.next(bytes), !range.isEmpty else { return 0 }
        if unit.kind == .hello { return RedisWord.number(bytes, range) ?? 0 }
        if RedisWord.isSame(bytes, range, "ON") { return Int(UInt8(ascii: "N")) }
        if RedisWord.isSame(bytes, range, "OFF") { return Int(UInt8(ascii: "F")) }
        return RedisWord.isSame(bytes, range, "SKIP") ? Int(UInt8(ascii: "K")) : 0
    }

    /// Whether the server will say nothing to what comes next, whatever that is.
    package var isNextUnanswered: Bool { isSilent || isNextSilent || hasQuit }

    /// Whether the server will say nothing to what comes next, and to that alone.
    package var skipsNextAnswer: Bool { isNextSilent && !isSilent && !hasQuit }

    /// Whether the command may wait for what others do.
    package func mayWait(_ unit: Unit, _ bytes: RawSpan) -> Bool {
        guard table[unit.command].traits.contains(.blocking) else { return false }
        guard unit.keys == .streams else { return true }
        var arguments = RedisArguments(bytes)
        while let range = arguments.next(bytes) {
            if RedisWord.isSame(bytes, range, "BLOCK") { return true }
            if RedisWord.isSame(bytes, range, "STREAMS") { return false }
        }
        return true
    }

    /// Whether the server refuses the command by itself: `EXEC` of a transaction of which it has refused a command.
    package func refuses(_ unit: Unit) -> Bool { unit.kind == .exec && isInTransaction && spoilt == unit.transaction }

    /// A command goes to the server.
    ///
    /// - Parameters:
    ///   - key: its first.
    ///   - isApplied: the server does what it says; else it only answers.
    /// - Returns: whether it will be answered.
    @discardableResult
    package mutating func sent(
        _ unit: Unit, exchange: Int, key: UnsafeRawBufferPointer, call: UInt64 = 0, isApplied: Bool = true
    ) -> Bool {
        let isUnanswered = unit.kind == .reset ? isNextSilent || hasQuit : isNextUnanswered
        isNextSilent = false
        guard isApplied else {
            if !isUnanswered { expect(unit, exchange, key, call) }
            return !isUnanswered
        }
        switch unit.kind {
        case .ordinary: break
        case .multi: isInTransaction = true
        case .exec, .discard: isInTransaction = false
        case .reset: (isInTransaction, isSilent) = (false, false)
        case .quit: hasQuit = true
        case .clientReply where !unit.isQueued:
            switch UInt8(truncatingIfNeeded: unit.detail) {
            case UInt8(ascii: "N"):
                isSilent = false
                guard !hasQuit else { return false }
                expect(unit, exchange, key, call)
                return true
            case UInt8(ascii: "F"):
                isSilent = true
                return false
            case UInt8(ascii: "K"):
                isNextSilent = !isSilent
                return false
            default: break
            }
        default: break
        }
        if !isUnanswered { expect(unit, exchange, key, call) }
        return !isUnanswered
    }

    /// A command that changes nothing of the session goes to the server, which will answer it.
    ///
    /// - Returns: the number of its transaction.
    @inline(__always)
    mutating func sentSmall(_ command: Int32, exchange: Int, key: RawSpan) -> UInt32 {
        if !isInTransaction { transaction &+= 1 }
        let length = min(key.byteCount, Self.keyBytesMax)
        let entry = Awaited(
            exchange: exchange, command: command, transaction: transaction, keyLength: UInt16(length), kind: .ordinary,
            isQueued: isInTransaction, detail: 0)
        key.extracting(..<length).withUnsafeBytes { queue.append(entry, key: $0) }
        return UInt32(truncatingIfNeeded: transaction)
    }

    /// A command is answered by the link, in its place.
    package mutating func answersItself(_ unit: Unit, exchange: Int, key: UnsafeRawBufferPointer) {
        expect(unit, exchange, key, 0, isOwn: true)
    }

    private mutating func expect(
        _ unit: Unit, _ exchange: Int, _ key: UnsafeRawBufferPointer, _ call: UInt64, isOwn: Bool = false
    ) {
        let kept = UnsafeRawBufferPointer(rebasing: key.prefix(Self.keyBytesMax))
        var entry = Awaited(
            exchange: exchange, call: call, command: Int32(truncatingIfNeeded: unit.command),
            transaction: Int32(truncatingIfNeeded: unit.transaction), keyLength: UInt16(kept.count), kind: unit.kind,
            isQueued: unit.isQueued, isOwn: isOwn, detail: UInt8(clamping: unit.detail))
        if unit.kind.isSubscription, !unit.isQueued {
            entry.messages = Int32(clamping: unit.argumentCount - 1)
        }
        queue.append(entry, key: kept)
    }

    /// Whatever awaits an answer will have none.
    package mutating func giveUp() { queue.removeAll() }

    // MARK: Answers

    /// Whether the first value of an array tells what the array is.
    package var looksIntoArrays: Bool {
        guard version == 2 else { return false }
        return !subscriptions.isEmpty || queue.first?.kind.isSubscription == true
    }

    /// What a message is, by its beginning.
    package mutating func answer(_ piece: RedisAnswerDecoder.Piece) -> Answer {
        guard let first = queue.first, !first.isOwn else { return isAside(piece) ? .aside : .stray }
        if first.kind == .ordinary, version == 2, !isMonitoring, piece.type != UInt8(ascii: ">"), subscriptions.isEmpty
        {
            return .first
        }
        if first.kind.isSubscription, !first.isQueued, isConfirmation(piece, of: first.kind) {
            return hasBegun ? .more : .first
        }
        return isAside(piece) ? .aside : .first
    }

    private func isAside(_ piece: RedisAnswerDecoder.Piece) -> Bool {
        switch piece.type {
        case UInt8(ascii: ">"): return true
        case UInt8(ascii: "*"):
            return version == 2 && !subscriptions.isEmpty
                && (Self.published.contains(piece.word) || Self.confirmations.contains(piece.word))
        case UInt8(ascii: "+"):
            // What another client did: `+1700000000.000000 [0 ...`.
            let byte = UInt8(truncatingIfNeeded: piece.word)
            return isMonitoring && byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        default: return false
        }
    }

    private static func eight(_ word: StaticString) -> UInt64 {
        var (eight, shift) = (UInt64(0), UInt64(0))
        for index in 0..<min(8, word.utf8CodeUnitCount) {
            eight |= UInt64(word.utf8Start[index]) << shift
            shift += 8
        }
        return eight
    }

    private static let published: [UInt64] = [eight("message"), eight("pmessage"), eight("smessage")]
    /// In the order of their kinds.
    private static let confirmations: [UInt64] = [
        eight("subscribe"), eight("psubscribe"), eight("ssubscribe"), eight("unsubscribe"), eight("punsubscribe"),
        eight("sunsubscribe"),
    ]

    private func isConfirmation(_ piece: RedisAnswerDecoder.Piece, of kind: RedisCommand.Kind) -> Bool {
        guard piece.type == UInt8(ascii: ">") || piece.type == UInt8(ascii: "*") else { return false }
        return piece.word == Self.confirmations[Int(kind.rawValue - RedisCommand.Kind.subscribe.rawValue)]
    }

    /// Whether all that is no push is an answer.
    var hearsAnswersAlone: Bool { !isMonitoring && subscriptions.isEmpty }

    /// The first command has been answered whole, and not by an error.
    ///
    /// - Returns: the command; `nil` where an answer to it would change the session, or it is not the server's to answer.
    @inline(__always)
    mutating func answeredSmall() -> Awaited? {
        guard let first = queue.first, first.kind == .ordinary, !first.isOwn else { return nil }
        queue.removeFirst()
        return first
    }

    /// Whether a piece is the whole answer to the first command, which is told of it then.
    ///
    /// - Returns: the command, which is still the first; `nil` when the piece is anything else, and nothing was told.
    package mutating func answersWhole(_ piece: RedisAnswerDecoder.Piece) -> Awaited? {
        guard piece.endsMessage, piece.kind == .beginning, let first = queue.first, !first.kind.isSubscription,
            answer(piece) == .first
        else { return nil }
        _ = answered(isError: piece.isError, integer: 0)
        return first
    }

    /// A message that belongs to the first command is over.
    ///
    /// - Parameters:
    ///   - isError: it says that the command failed.
    ///   - integer: the last in it.
    /// - Returns: whether that was the whole answer. The command is still the first.
    package mutating func answered(isError: Bool, integer: Int) -> Bool {
        guard var first = queue.first else { return true }
        if first.kind == .ordinary && !first.isQueued { return true }
        if first.isQueued {
            if isError { spoilt = first.transaction }
            return true
        }
        switch first.kind {
        case .subscribe, .psubscribe, .ssubscribe, .unsubscribe, .punsubscribe, .sunsubscribe:
            if isError { break }
            if !hasBegun, first.messages == 0 {
                first.messages = Int32(clamping: max(1, subscriptions.count(of: first.kind)))
            }
            subscriptions.confirm(first.kind, total: integer)
            first.messages -= 1
            hasBegun = first.messages > 0
            queue.replaceFirst(first)
            return !hasBegun
        case .multi:
            // The commands behind it are lone ones then.
            if isError, first.transaction == transaction, first.detail == 0 { isInTransaction = false }
        case .hello:
            if !isError, first.detail == 2 || first.detail == 3 { version = Int(first.detail) }
        case .monitor: isMonitoring = isMonitoring || !isError
        case .reset:
            if isError { break }
            (version, isMonitoring) = (2, false)
            subscriptions = RedisSubscriptions()
        default: break
        }
        hasBegun = false
        return true
    }

    /// The first command is answered whole.
    package mutating func dropFirst() {
        hasBegun = false
        queue.removeFirst()
    }
}
