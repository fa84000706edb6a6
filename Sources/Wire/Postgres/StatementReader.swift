/// Reads the statements of an SQL text one after the other, for their labels.
struct StatementReader {
    /// One statement.
    struct Found {
        var verb: String
        /// The table or other object that it is about; empty where there is none.
        var object: String = ""
        var control = StatementLabel.Control.none

        var operation: String { object.isEmpty ? verb : "\(verb) \(object)" }
    }

    private var scanner = SQLScanner()
    var token = SQLScanner.Token.end
    /// Round brackets that are open.
    var depth = 0
    /// The body of an SQL function (`BEGIN ATOMIC ... END`) is open, and so many of its `CASE` and `BEGIN`.
    private var bodyDepth = 0

    init(_ sql: RawSpan) { token = scanner.next(sql) }

    /// The next statement, read to its end; `nil` when there is none.
    mutating func statement(_ sql: RawSpan) -> Found? {
        while token == .sign(Self.semicolon) { advance(sql) }
        guard token != .end else { return nil }
        depth = 0
        bodyDepth = 0
        while token == .sign(Self.open) { advance(sql) }
        let mayHaveBody = isWord(sql, "create")
        let found = begin(sql)
        if mayHaveBody { skipBody(sql) }
        while !isAtEnd { advance(sql) }
        return found
    }

    static let semicolon = UInt8(ascii: ";")
    static let open = UInt8(ascii: "(")
    static let close = UInt8(ascii: ")")

    mutating func advance(_ sql: RawSpan) {
        if token == .sign(Self.open) { depth += 1 }
        if token == .sign(Self.close) { depth -= 1 }
        token = scanner.next(sql)
    }

    var isAtEnd: Bool { token == .end || token == .sign(Self.semicolon) && depth <= 0 && bodyDepth == 0 }

    /// Passes over the body of an SQL function, which holds semicolons.
    private mutating func skipBody(_ sql: RawSpan) {
        while !isAtEnd {
            if bodyDepth > 0 {
                if isWord(sql, "case") { bodyDepth += 1 }
                if isWord(sql, "end") { bodyDepth -= 1 }
            } else if isWord(sql, "atomic") {
                bodyDepth = 1
            }
            advance(sql)
        }
    }

    // MARK: Words

    /// - Parameter word: in small letters.
    func isWord(_ sql: RawSpan, _ word: StaticString) -> Bool {
        guard case .word(let range) = token, range.count == word.utf8CodeUnitCount else { return false }
        let expected = UnsafeRawBufferPointer(start: word.utf8Start, count: range.count)
        for index in 0..<range.count {
            let byte = sql.byte(at: range.lowerBound + index)
            guard Self.lower(byte) == expected[index] else { return false }
        }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Passes over any of these words.
    mutating func skip(_ sql: RawSpan, _ words: StaticString...) {
        var isFound = true
        while isFound {
            isFound = false
            for word in words where isWord(sql, word) {
                advance(sql)
                isFound = true
            }
        }
    }

    /// The next word in capitals; empty if there is no word or one too long for a keyword.
    func keyword(_ sql: RawSpan) -> String {
        guard case .word(let range) = token, range.count <= 15 else { return "" }
        return String(unsafeUninitializedCapacity: range.count) { room in
            for index in 0..<range.count {
                let byte = Self.lower(sql.byte(at: range.lowerBound + index))
                room[index] = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xDF : byte
            }
            return range.count
        }
    }

    /// The name at this place without its schema, and passes over it; empty if there is none. A name that isn't quoted is in
    /// small letters, as the server takes it.
    mutating func name(_ sql: RawSpan) -> String {
        var last = SQLScanner.Token.end
        while true {
            switch token {
            case .word, .quoted: last = token
            default: return text(sql, last)
            }
            advance(sql)
            guard token == .sign(UInt8(ascii: ".")) else { return text(sql, last) }
            advance(sql)
        }
    }

    /// PostgreSQL cuts names to so many bytes.
    private static let nameBytesMax = 63

    private func text(_ sql: RawSpan, _ token: SQLScanner.Token) -> String {
        switch token {
        case .word(let range):
            let count = min(range.count, Self.nameBytesMax)
            return String(unsafeUninitializedCapacity: count) { room in
                for index in 0..<count { room[index] = Self.lower(sql.byte(at: range.lowerBound + index)) }
                return count
            }
        case .quoted(let range):
            var bytes: [UInt8] = []
            var isSecond = false
            for index in range where bytes.count < Self.nameBytesMax {
                let byte = sql.byte(at: index)
                isSecond = byte == UInt8(ascii: "\"") && !isSecond
                if !isSecond || byte != UInt8(ascii: "\"") { bytes.append(byte) }
            }
            return String(decoding: bytes, as: UTF8.self)
        default: return ""
        }
    }

    // MARK: Verbs

    private mutating func begin(_ sql: RawSpan) -> Found {
        let verb = keyword(sql)
        switch verb {
        case "SELECT", "WITH", "VALUES", "TABLE": return query(sql)
        case "INSERT", "UPDATE", "DELETE", "MERGE": return Found(verb: verb, object: change(sql))
        case "COPY": return copy(sql)
        case "BEGIN", "START": return Found(verb: "BEGIN", control: .begin)
        case "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE": return ending(verb, sql)
        case "CREATE", "ALTER", "DROP", "REFRESH", "REINDEX": return definition(verb, sql)
        case "TRUNCATE", "LOCK", "VACUUM", "ANALYZE", "ANALYSE", "CLUSTER", "CALL", "EXECUTE", "LISTEN", "NOTIFY":
            return Found(verb: verb == "ANALYSE" ? "ANALYZE" : verb, object: object(sql))
        case _ where Self.lonely.contains(verb): return Found(verb: verb)
        default: return Found(verb: "OTHER")
        }
    }

    /// Verbs that say enough, or whose names change from one time to the next.
    private static let lonely: Set<String> = [
        "SET", "RESET", "SHOW", "SAVEPOINT", "RELEASE", "EXPLAIN", "DECLARE", "FETCH", "MOVE", "CLOSE", "DEALLOCATE",
        "DISCARD", "UNLISTEN", "DO", "CHECKPOINT", "COMMENT", "GRANT", "REVOKE", "REASSIGN", "SECURITY", "IMPORT",
        "LOAD",
    ]

    /// `COMMIT`, `ROLLBACK`, `PREPARE TRANSACTION` and their like; `PREPARE` of a statement too.
    private mutating func ending(_ verb: String, _ sql: RawSpan) -> Found {
        advance(sql)
        switch verb {
        case "PREPARE":
            guard isWord(sql, "transaction") else { return Found(verb: verb) }
            return Found(verb: "PREPARE TRANSACTION", control: .commit)
        case "COMMIT", "END":
            return isWord(sql, "prepared") ? Found(verb: "COMMIT PREPARED") : Found(verb: "COMMIT", control: .commit)
        default:
            skip(sql, "work", "transaction")
            if isWord(sql, "prepared") { return Found(verb: "ROLLBACK PREPARED") }
            return isWord(sql, "to") ? Found(verb: "ROLLBACK TO") : Found(verb: "ROLLBACK", control: .rollback)
        }
    }

    /// The table of an `INSERT`, an `UPDATE`, a `DELETE` or a `MERGE`.
    mutating func change(_ sql: RawSpan) -> String {
        advance(sql)
        skip(sql, "into", "from", "only")
        return name(sql)
    }

    private mutating func object(_ sql: RawSpan) -> String {
        advance(sql)
        if token == .sign(Self.open) {
            // The options of VACUUM and ANALYZE.
            let outer = depth
            repeat { advance(sql) } while depth > outer && token != .end
        }
        skip(sql, "table", "only", "full", "freeze", "verbose", "analyze")
        return name(sql)
    }

    private mutating func definition(_ verb: String, _ sql: RawSpan) -> Found {
        advance(sql)
        skip(
            sql, "or", "replace", "temp", "temporary", "unlogged", "global", "local", "unique", "materialized",
            "foreign",
            "recursive", "event", "constraint", "trusted", "procedural", "default")
        let kind = keyword(sql)
        guard !kind.isEmpty else { return Found(verb: verb) }
        advance(sql)
        skip(sql, "concurrently", "if", "not", "exists", "only")
        // An index need not have a name.
        return Found(verb: "\(verb) \(kind)", object: isWord(sql, "on") ? "" : name(sql))
    }

    private mutating func copy(_ sql: RawSpan) -> Found {
        advance(sql)
        guard token == .sign(Self.open) else { return Found(verb: "COPY", object: name(sql)) }
        advance(sql)
        return Found(verb: "COPY", object: begin(sql).object)
    }
}
