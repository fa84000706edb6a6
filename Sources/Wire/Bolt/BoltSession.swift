/// What is known of one session: its transaction, its results, and which answers are still to come. It looks at each message
/// once, in the order of its direction, and changes none.
package struct BoltSession: Sendable {
    /// What is decided upon, told of and answered as one.
    package struct Unit: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// HELLO, with the LOGON behind it.
            case startup
            /// A LOGON later on, by which somebody else goes on with the session.
            case logon
            /// RUN with its PULLs and DISCARDs.
            case run
            case begin, commit, rollback, route, reset
        }

        package var kind: Kind
        package var operation: String
        /// The server ends the connection when it fails.
        package var isStartup: Bool { kind == .startup || kind == .logon }
        /// The query's text, or its beginning.
        package var statement = ""
        /// What the query is given, and a `COMMIT` or `ROLLBACK` all that its transaction said and was given; as it is on the
        /// wire, its beginning where it is long. Empty unless somebody wants to know.
        package var parameters = ""
        /// A hash of the query and its parameters, the same when it is tried again.
        package var key = ""
        /// The number of the transaction or lone query on its connection, from 1; 0 outside.
        package var transaction = 0
    }

    /// What a message of the client is.
    package enum Request: Hashable, Sendable {
        /// The operative message of a unit.
        case unit(Unit)
        /// It asks for more of a unit's result, or ends the startup; 0 where there is no such unit.
        case more(exchange: Int)
        /// It is answered, and nobody asks what becomes of it: TELEMETRY, LOGOFF.
        case aside
        /// GOODBYE, which has no answer.
        case farewell
    }

    /// What a message of the server is.
    package struct Answer: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case success, record, failure, ignored
            /// Nothing that a server says.
            case unknown
        }

        package var kind = Kind.unknown
        /// The exchange that it belongs to; 0 for none.
        package var exchange = 0
        /// It answers a message that the link sent of its own accord.
        package var isOwn = false
        /// The exchange's answer ends with it.
        package var endsUnit = false
        /// Every transaction and every result of the session is over with it.
        package var endsResults = false
        /// Of a failure.
        package var code = ""
    }

    private enum Awaited {
        case run
        /// Records, and the last of them where there are no more.
        case pull
        case hello
        /// Whatever is answered by one message; the unit ends with it.
        case single
        /// The transaction ends with it.
        case ending
        case reset
        case aside
    }

    private struct Expected {
        var what: Awaited
        /// 0 for none.
        var exchange: Int
        var isOwn = false
    }

    /// Of the present transaction, a result that can be asked for by its number.
    private struct Result {
        var exchange: Int
        var number: Int
    }

    package var version = BoltVersion(5, 0)
    private var pending: [Expected] = []
    private var pendingStart = 0
    private var pendingResets = 0
    /// From the last message that was sent on, the server answers IGNORED.
    private var isFailed = false
    private var isInTransaction = false
    private var transaction = 0
    /// The exchange of the latest RUN, and of a HELLO whose LOGON is to come.
    private var latestRun = 0
    private var startup = 0
    private var results: [Result] = []
    private var queries: [UInt64: Query] = [:]

    /// A query whose text was seen before.
    private struct Query {
        var operation: String
        var statement: String
    }

    /// More results than that are not remembered by their numbers.
    private static let resultsMax = 1000
    private static let queriesMax = 64
    private static let statementBytesMax = 4096
    private static let parametersBytesMax = 16384
    private var values = TransactionValues()

    package init() {}

    /// Whether anybody wants to know what queries are given.
    package var keepsParameters: Bool {
        get { values.isKept }
        set { values.isKept = newValue }
    }

    /// Whether messages of this operation do nothing for whoever uses a driver: they open sessions, clean them, or ask where the
    /// servers are.
    package static func isErrand(_ operation: String) -> Bool { ["startup", "ROUTE", "RESET"].contains(operation) }

    /// Whether the server refuses the unit by itself: something has failed, and this is no RESET. A RESET is refused by nobody.
    package func refuses(_ unit: Unit) -> Bool { isFailed || unit.kind == .reset }

    // MARK: Requests

    /// - Parameter beginning: the message's content where the decoder tells of it.
    package mutating func request(_ tag: UInt8, _ beginning: RawSpan) -> Request {
        switch tag {
        case BoltTag.hello: return .unit(Unit(kind: .startup, operation: "startup"))
        case BoltTag.logon:
            guard startup != 0 else { return .unit(Unit(kind: .logon, operation: "startup")) }
            defer { startup = 0 }
            expect(.single, startup)
            return .more(exchange: startup)
        case BoltTag.run: return .unit(run(beginning))
        case BoltTag.begin:
            transaction += 1
            isInTransaction = true
            values.begin()
            return .unit(Unit(kind: .begin, operation: "BEGIN", transaction: transaction))
        case BoltTag.commit, BoltTag.rollback:
            let number = isInTransaction ? transaction : 0
            isInTransaction = false
            var unit =
                tag == BoltTag.commit
                ? Unit(kind: .commit, operation: "COMMIT", transaction: number)
                : Unit(kind: .rollback, operation: "ROLLBACK", transaction: number)
            unit.parameters = values.end()
            return .unit(unit)
        case BoltTag.route: return .unit(Unit(kind: .route, operation: "ROUTE"))
        case BoltTag.reset:
            (isInTransaction, isFailed, latestRun) = (false, false, 0)
            return .unit(Unit(kind: .reset, operation: "RESET"))
        case BoltTag.pull, BoltTag.discard:
            let exchange = result(beginning)
            expect(.pull, exchange)
            return .more(exchange: exchange)
        case BoltTag.goodbye: return .farewell
        default:
            expect(.aside, 0)
            return .aside
        }
    }

    /// RUN: the query, its parameters, and what is said of the transaction, which its key leaves out.
    private mutating func run(_ bytes: RawSpan) -> Unit {
        if !isInTransaction { transaction += 1 }
        var scanner = PackStreamScanner(at: 2)
        guard let text = scanner.text(bytes) else {
            return Unit(kind: .run, operation: "OTHER", transaction: transaction)
        }
        let span = bytes.extracting(text)
        var hash = BodyHash()
        hash.mix(span)
        let query = query(span, hash: hash.value)
        let start = scanner.position
        let end = scanner.skip(bytes) ? scanner.position : bytes.byteCount
        hash.mix(bytes.extracting(start..<end))
        var unit = Unit(
            kind: .run, operation: query.operation, statement: query.statement, key: hash.key, transaction: transaction)
        if values.isKept {
            unit.parameters = bytes.text(start..<min(end, start + Self.parametersBytesMax))
            if isInTransaction { values.add(unit.statement, unit.parameters) }
        }
        return unit
    }

    /// What a text says, which most texts have said before.
    private mutating func query(_ text: RawSpan, hash: UInt64) -> Query {
        if let known = queries[hash] { return known }
        if queries.count >= Self.queriesMax { queries = [:] }
        let statement = text.text(0..<min(text.byteCount, Self.statementBytesMax))
        let query = Query(operation: CypherLabel(text).operation, statement: statement)
        queries[hash] = query
        return query
    }

    /// The exchange of the result that a PULL or a DISCARD asks for: the latest, unless it has a number.
    private func result(_ bytes: RawSpan) -> Int {
        var scanner = PackStreamScanner(at: 2)
        guard scanner.go(to: "qid", bytes), let number = scanner.integer(bytes), number >= 0 else { return latestRun }
        return results.last { $0.number == number }?.exchange ?? 0
    }

    // MARK: What is awaited

    /// A unit's operative message goes to the server.
    package mutating func sent(_ kind: Unit.Kind, exchange: Int) {
        switch kind {
        case .startup:
            startup = version.hasLogon ? exchange : 0
            expect(version.hasLogon ? .hello : .single, exchange)
        case .run:
            latestRun = exchange
            expect(.run, exchange)
        case .logon, .begin, .route: expect(.single, exchange)
        case .commit, .rollback: expect(.ending, exchange)
        case .reset: expect(.reset, exchange)
        }
    }

    /// A query that fails goes to the server, in a unit's place or behind it.
    package mutating func sentFailing(exchange: Int, isRun: Bool) {
        if isRun { latestRun = exchange }
        isFailed = true
        expect(.single, exchange)
    }

    /// The link sends a unit's query again, and asks for all of its result.
    package mutating func sentAgain(exchange: Int) {
        expect(.run, exchange, isOwn: true)
        expect(.pull, exchange, isOwn: true)
    }

    /// The link asks for the rest of a unit's result in the client's place.
    package mutating func sentDiscard(exchange: Int) { expect(.pull, exchange, isOwn: true) }

    private mutating func expect(_ what: Awaited, _ exchange: Int, isOwn: Bool = false) {
        if pendingStart == pending.count { (pending, pendingStart) = ([], 0) }
        if what == .reset { pendingResets += 1 }
        pending.append(Expected(what: what, exchange: exchange, isOwn: isOwn))
    }

    private mutating func drop() {
        pendingStart += 1
        if pendingStart > 1024 { (pending, pendingStart) = (Array(pending[pendingStart...]), 0) }
    }

    /// The number of a result in its transaction, for the server to know which is meant; `nil` where there is but one.
    package func number(of exchange: Int) -> Int? { results.last { $0.exchange == exchange }?.number }

    // MARK: Answers

    /// - Parameter beginning: the message's content where the decoder tells of it.
    package mutating func answer(_ tag: UInt8, _ beginning: RawSpan) -> Answer {
        guard pendingStart < pending.count else { return Answer(kind: Self.kind(tag)) }
        let head = pending[pendingStart]
        var answer = Answer(kind: Self.kind(tag), exchange: head.exchange, isOwn: head.isOwn)
        switch answer.kind {
        case .record, .unknown: return answer
        case .success: succeeded(head, beginning, &answer)
        case .failure:
            answer.code = Self.code(beginning)
            (answer.endsUnit, answer.endsResults) = (true, true)
            results = []
            if head.exchange == startup { startup = 0 }
            if pendingResets == 0 { isFailed = true }
        case .ignored: answer.endsUnit = true
        }
        drop()
        if head.what == .reset { pendingResets -= 1 }
        return answer
    }

    private mutating func succeeded(_ head: Expected, _ beginning: RawSpan, _ answer: inout Answer) {
        switch head.what {
        case .run:
            var scanner = PackStreamScanner(at: 2)
            guard scanner.go(to: "qid", beginning), let number = scanner.integer(beginning), !head.isOwn else { return }
            if results.count >= Self.resultsMax { results.removeFirst(Self.resultsMax / 2) }
            results.append(Result(exchange: head.exchange, number: number))
        case .pull:
            var scanner = PackStreamScanner(at: 2)
            let isTrue: UInt8 = 0xC3
            let hasMore =
                scanner.go(to: "has_more", beginning) && scanner.position < beginning.byteCount
                && beginning.byte(at: scanner.position) == isTrue
            answer.endsUnit = !hasMore
            if !hasMore { results.removeAll { $0.exchange == head.exchange } }
        case .hello, .aside: break
        case .single: answer.endsUnit = true
        case .ending, .reset:
            (answer.endsUnit, answer.endsResults) = (true, true)
            results = []
        }
    }

    private static func kind(_ tag: UInt8) -> Answer.Kind {
        switch tag {
        case BoltTag.success: .success
        case BoltTag.record: .record
        case BoltTag.failure: .failure
        case BoltTag.ignored: .ignored
        default: .unknown
        }
    }

    /// The status code among a FAILURE's fields; before 5.7 its name is another.
    private static func code(_ beginning: RawSpan) -> String {
        for key in ["code", "neo4j_code"] as [StaticString] {
            var scanner = PackStreamScanner(at: 2)
            if scanner.go(to: key, beginning), let text = scanner.text(beginning), text.count <= 200 {
                return beginning.text(text)
            }
        }
        return ""
    }
}
