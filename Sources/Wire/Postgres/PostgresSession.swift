/// What is known of one session: its statements, its portals, its transaction, and which answers are still to come. It looks
/// at each message once, in the order of its direction, and changes none.
package struct PostgresSession: Sendable {
    /// Of the transaction, as ReadyForQuery tells.
    package enum State: UInt8, Hashable, Sendable {
        case idle = 0x49
        case inTransaction = 0x54
        case failed = 0x45
    }

    /// What is decided upon, told of and answered as one.
    package struct Unit: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case startup
            /// A message of the simple protocol, with one statement or more.
            case query
            /// One run of a portal.
            case execute
            /// What a Sync ends when nothing ran.
            case prepare
            case function
        }

        package var kind: Kind
        package var operation: String
        /// The statement's text, or its beginning.
        package var statement = ""
        /// What the statement is given, and a `COMMIT` or `ROLLBACK` all that its transaction said and was given; as it is on
        /// the wire, its beginning where it is long. Empty unless somebody wants to know.
        package var parameters = ""
        /// A hash of the statement and its parameters, the same when it is tried again.
        package var key = ""
        package var control = StatementLabel.Control.none
        /// The number of the transaction or lone statement on its connection, from 1; 0 outside.
        package var transaction = 0

        package init(
            kind: Kind, operation: String, statement: String = "", key: String = "",
            control: StatementLabel.Control = .none
        ) {
            self.kind = kind
            self.operation = operation
            self.statement = statement
            self.key = key
            self.control = control
        }
    }

    /// What a message of the client is.
    package enum Request: Hashable, Sendable {
        /// It prepares what runs later, or has the server flush.
        case part
        /// The operative message of a unit.
        case unit(Unit)
        /// Sync, with a unit where nothing ran since the last.
        case sync(Unit?)
        /// The server will skip it, as something failed before.
        case skipped
        /// COPY's data, a password, the end.
        case other
    }

    /// What a message of the server is.
    package struct Answer: Hashable, Sendable {
        /// The exchange that it belongs to; 0 for none.
        package var exchange = 0
        /// The exchange's answer ends with it.
        package var endsUnit = false
        /// It comes when it likes: a notice, a notification, a parameter's new value.
        package var isAside = false
        /// Of ReadyForQuery.
        package var ready: State?
        /// Of an error.
        package var sqlstate = ""
        /// The client is to send COPY's data now.
        package var wantsCopy = false
    }

    private struct Statement {
        var label: StatementLabel
        var text: String
        var hash: BodyHash
    }

    private struct Portal {
        var statement: String
        var parameters: String
        var hash: BodyHash
    }

    private enum Awaited {
        case query, function, startup
        case parse, bind, describe, close, execute
        case sync
    }

    private struct Expected {
        var what: Awaited
        /// 0 for what belongs to the next that has one.
        var exchange: Int
    }

    package private(set) var state = State.idle
    private var statements: [String: Statement] = [:]
    private var portals: [String: Portal] = [:]
    /// The portal whose parameters are still to come.
    private var binding: String?
    private var pending: [Expected] = []
    private var pendingStart = 0
    /// The server skips everything up to a Sync that the client has yet to send.
    private var isSkipping = false
    /// The client sends COPY's data, and the server ignores Sync.
    private var isCopying = false
    private var ranSinceSync = false
    private var preparedSinceSync: String?
    private var transaction = 0
    private var isInTransaction = false
    private var values = TransactionValues()
    private static let namesMax = 10_000

    package init() {}

    /// Whether anybody wants to know what statements are given.
    package var keepsParameters: Bool {
        get { values.isKept }
        set { values.isKept = newValue }
    }

    /// Exchanges that are still to be answered, what the link sent itself among them.
    package var isIdle: Bool { pendingStart == pending.count }

    // MARK: Requests

    /// - Parameter bytes: the message's beginning, at least so much of it as the decoder waits for.
    package mutating func request(_ type: UInt8, _ bytes: RawSpan, messageLength: Int) -> Request {
        binding = nil
        if isSkipping, type != UInt8(ascii: "S") { return type == UInt8(ascii: "X") ? .other : .skipped }
        switch type {
        case UInt8(ascii: "Q"): return .unit(noted(query(bytes, messageLength)))
        case UInt8(ascii: "P"): parse(bytes, messageLength)
        case UInt8(ascii: "B"): bind(bytes)
        case UInt8(ascii: "E"): return .unit(noted(execute(bytes)))
        case UInt8(ascii: "D"): expect(.describe)
        case UInt8(ascii: "C"): close(bytes)
        case UInt8(ascii: "F"): return .unit(Unit(kind: .function, operation: "FUNCTION"))
        case UInt8(ascii: "S"): return sync()
        case UInt8(ascii: "c"), UInt8(ascii: "f"):
            isCopying = false
            return .other
        case UInt8(ascii: "H"): break
        default: return .other
        }
        return .part
    }

    /// More of the message that was looked at last.
    package mutating func requestGoesOn(_ bytes: RawSpan) {
        if let binding { portals[binding]?.hash.mix(bytes) }
    }

    /// How much is looked at of a message, the same however much of it has arrived.
    private static func lookedAt(_ message: RawSpan) -> Int { min(message.byteCount, PostgresDecoder.lookedAt) }

    private func query(_ message: RawSpan, _ length: Int) -> Unit {
        let bytes = message.extracting(..<Self.lookedAt(message))
        let text = bytes.extracting(5..<max(5, bytes.byteCount == length ? length - 1 : bytes.byteCount))
        var hash = BodyHash()
        hash.mix(text)
        let label = StatementLabel(text)
        return Unit(
            kind: .query, operation: label.operation, statement: text.text(0..<text.byteCount), key: hash.key,
            control: label.control)
    }

    private mutating func parse(_ message: RawSpan, _ length: Int) {
        expect(.parse)
        let bytes = message.extracting(..<Self.lookedAt(message))
        guard let name = bytes.terminatedText(at: 5) else { return }
        var end = name.end
        while end < bytes.byteCount, bytes.byte(at: end) != 0 { end += 1 }
        let text = bytes.extracting(name.end..<max(name.end, end))
        var hash = BodyHash()
        hash.mix(text)
        if statements.count >= Self.namesMax { statements = [:] }
        let statement = Statement(
            label: StatementLabel(text), text: text.text(0..<text.byteCount), hash: hash)
        preparedSinceSync = statement.label.operation
        statements[name.text] = statement
    }

    private mutating func bind(_ bytes: RawSpan) {
        expect(.bind)
        let beginning = bytes.extracting(..<Self.lookedAt(bytes))
        guard let portal = beginning.terminatedText(at: 5), let name = beginning.terminatedText(at: portal.end) else {
            return
        }
        if portals.count >= Self.namesMax { portals = [:] }
        var hash = statements[name.text]?.hash ?? BodyHash()
        hash.mix(bytes.extracting(name.end..<bytes.byteCount))
        let parameters = keepsParameters ? beginning.text(name.end..<beginning.byteCount) : ""
        portals[portal.text] = Portal(statement: name.text, parameters: parameters, hash: hash)
        binding = portal.text
    }

    private func execute(_ bytes: RawSpan) -> Unit {
        guard let name = bytes.terminatedText(at: 5), let portal = portals[name.text],
            let statement = statements[portal.statement]
        else { return Unit(kind: .execute, operation: "EXECUTE") }
        var unit = Unit(
            kind: .execute, operation: statement.label.operation, statement: statement.text, key: portal.hash.key,
            control: statement.label.control)
        unit.parameters = portal.parameters
        return unit
    }

    /// A transaction's end says what all of it said.
    private mutating func noted(_ unit: Unit) -> Unit {
        guard values.isKept else { return unit }
        var unit = unit
        switch unit.control {
        case .begin: values.begin()
        case .commit, .rollback: unit.parameters = values.end()
        case .none: values.add(unit.statement, unit.parameters)
        }
        return unit
    }

    private mutating func close(_ bytes: RawSpan) {
        expect(.close)
        guard bytes.byteCount > 6, let name = bytes.terminatedText(at: 6) else { return }
        if bytes.byte(at: 5) == UInt8(ascii: "S") { statements[name.text] = nil } else { portals[name.text] = nil }
    }

    private mutating func sync() -> Request {
        if isCopying { return .other }
        isSkipping = false
        defer { (ranSinceSync, preparedSinceSync) = (false, nil) }
        guard !ranSinceSync, let operation = preparedSinceSync else { return .sync(nil) }
        return .sync(Unit(kind: .prepare, operation: "PREPARE \(operation)"))
    }

    /// A start-up message's unit. Its key is the user and the database.
    package static func startup(_ bytes: RawSpan) -> Unit {
        let parameters = PostgresStartup.parameters(bytes)
        let user = parameters["user"] ?? ""
        return Unit(kind: .startup, operation: "startup", key: "\(user)/\(parameters["database"] ?? user)")
    }

    /// Whether the server refuses the unit by itself (25P02): its transaction has failed, and this neither ends it nor goes
    /// back to a savepoint.
    package func refuses(_ unit: Unit) -> Bool {
        state == .failed && unit.control != .commit && unit.control != .rollback && unit.operation != "ROLLBACK TO"
    }

    /// The unit with the number of its transaction.
    package mutating func numbered(_ unit: Unit) -> Unit {
        var unit = unit
        guard unit.kind != .startup, unit.kind != .prepare else { return unit }
        if !isInTransaction { transaction += 1 }
        unit.transaction = transaction
        switch unit.control {
        case .begin: isInTransaction = true
        case .commit, .rollback: isInTransaction = false
        case .none: break
        }
        return unit
    }

    // MARK: What is awaited

    /// A unit's operative message goes to the server. A portal's run is followed by a Sync of its own.
    package mutating func sent(_ kind: Unit.Kind, exchange: Int) {
        switch kind {
        case .startup: expect(.startup, exchange)
        case .query: expect(.query, exchange)
        case .function: expect(.function, exchange)
        case .prepare: expect(.sync, exchange)
        case .execute:
            ranSinceSync = true
            expect(.execute, exchange)
        }
    }

    /// A Sync goes to the server.
    package mutating func sentSync() { expect(.sync) }

    /// Parameters are bound once more, and a portal closed before that.
    package mutating func sentBind(afterClose: Bool) {
        if afterClose { expect(.close) }
        expect(.bind)
    }

    private mutating func expect(_ what: Awaited, _ exchange: Int = 0) {
        if pendingStart == pending.count { (pending, pendingStart) = ([], 0) }
        pending.append(Expected(what: what, exchange: exchange))
    }

    private mutating func drop(_ count: Int) {
        pendingStart += count
        if pendingStart > 1024 { (pending, pendingStart) = (Array(pending[pendingStart...]), 0) }
    }

    private var head: Expected? { pendingStart < pending.count ? pending[pendingStart] : nil }

    /// The next exchange in line, before the next Sync is over.
    private var nextExchange: Int {
        for expected in pending[pendingStart...] {
            if expected.exchange != 0 { return expected.exchange }
            if expected.what == .sync { return 0 }
        }
        return 0
    }

    // MARK: Answers

    /// - Parameter bytes: the message's beginning, at least so much of it as the decoder waits for.
    package mutating func answer(_ type: UInt8, _ bytes: RawSpan) -> Answer {
        switch type {
        case UInt8(ascii: "N"), UInt8(ascii: "A"): return Answer(isAside: true)
        case UInt8(ascii: "S"): return Answer(exchange: nextExchange, isAside: true)
        case UInt8(ascii: "Z"): return ready(bytes)
        case UInt8(ascii: "E"): return failed(bytes)
        default: break
        }
        var answer = Answer(exchange: nextExchange)
        switch (type, head?.what) {
        case (UInt8(ascii: "1"), .parse), (UInt8(ascii: "2"), .bind), (UInt8(ascii: "3"), .close),
            (UInt8(ascii: "T"), .describe), (UInt8(ascii: "n"), .describe):
            drop(1)
        case (UInt8(ascii: "C"), .execute), (UInt8(ascii: "I"), .execute), (UInt8(ascii: "s"), .execute):
            answer.endsUnit = true
            drop(1)
        case (UInt8(ascii: "G"), let what), (UInt8(ascii: "W"), let what):
            answer.wantsCopy = true
            isCopying = true
            // The server ignores a Sync that it reads before the data ends; libpq sends one at once and one behind the data.
            if what == .execute {
                let behind = pending[(pendingStart + 1)...].drop { $0.what == .sync }
                (pending, pendingStart) = ([pending[pendingStart]] + behind, 0)
            }
        default: break
        }
        return answer
    }

    private mutating func ready(_ bytes: RawSpan) -> Answer {
        state = bytes.byteCount > 5 ? State(rawValue: bytes.byte(at: 5)) ?? .idle : .idle
        isCopying = false
        var answer = Answer(ready: state)
        while let expected = head {
            drop(1)
            if [.sync, .query, .function, .startup].contains(expected.what) {
                (answer.exchange, answer.endsUnit) = (expected.exchange, expected.exchange != 0)
                break
            }
        }
        if isIdle { isInTransaction = state != .idle }
        return answer
    }

    private mutating func failed(_ bytes: RawSpan) -> Answer {
        var answer = Answer(sqlstate: Self.sqlstate(bytes))
        isCopying = false
        guard let first = head else { return answer }
        if [.query, .function, .startup].contains(first.what) {
            answer.exchange = first.exchange
            return answer
        }
        answer.exchange = nextExchange
        var count = 0
        for expected in pending[pendingStart...] {
            if expected.what == .sync { break }
            if expected.exchange == answer.exchange { answer.endsUnit = true }
            count += 1
        }
        drop(count)
        isSkipping = isIdle
        return answer
    }

    /// The code among an ErrorResponse's fields.
    package static func sqlstate(_ message: RawSpan) -> String {
        let bytes = message.extracting(..<lookedAt(message))
        var index = 5
        while index < bytes.byteCount, bytes.byte(at: index) != 0 {
            guard let value = bytes.terminatedText(at: index + 1) else { return "" }
            if bytes.byte(at: index) == UInt8(ascii: "C") { return value.text }
            index = value.end
        }
        return ""
    }
}
