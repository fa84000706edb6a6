/// Reads a Cypher text for its label, clause by clause.
struct CypherReader {
    private var scanner = CypherScanner()
    private var token = CypherScanner.Token.end
    private var former = CypherScanner.Token.end
    /// What reads: the first keyword, and the label behind the first MATCH.
    private var first = ""
    private var matched: String?
    /// The procedure that is called first.
    private var called: String?
    /// The label that each variable got first, and the first label of all.
    private var labels: [String: String] = [:]
    private var firstLabel: String?
    private static let variablesMax = 64
    /// Longer names are cut.
    private static let nameBytesMax = 64

    mutating func operation(_ text: RawSpan) -> String {
        advance(text)
        while token != .end {
            let verb = isPlain(text) ? keyword(text) : ""
            let place = scanner.position
            if let found = clause(verb, text) { return found }
            if scanner.position == place { look(text) }
        }
        if first == "MATCH" { return join("MATCH", matched) }
        if let called { return join("CALL", called) }
        return first.isEmpty ? "OTHER" : matched.map { join("MATCH", $0) } ?? first
    }

    /// What the query is called if this clause says it.
    private mutating func clause(_ verb: String, _ text: RawSpan) -> String? {
        switch verb {
        case "CREATE", "MERGE", "INSERT", "SET", "DELETE", "REMOVE":
            advance(text)
            return write(verb, text)
        case "DROP", "ALTER":
            advance(text)
            return join(verb, definition(text))
        case "MATCH":
            if first.isEmpty || first == "OPTIONAL" { first = verb }
            advance(text)
            let label = pattern(text)
            if matched == nil { matched = label }
        case "CALL":
            if first.isEmpty { first = verb }
            advance(text)
            if called == nil { called = procedure(text) }
        case "EXPLAIN": return verb
        case "CYPHER", "PROFILE": break
        case _ where Self.keywords.contains(verb):
            if first.isEmpty { first = verb }
        default: break
        }
        return nil
    }

    /// What begins a clause and is no name of anything before it.
    private static let keywords: Set<String> = [
        "UNWIND", "WITH", "RETURN", "OPTIONAL", "FOREACH", "LOAD", "USE", "SHOW", "TERMINATE", "FINISH", "GRANT",
        "DENY",
        "REVOKE", "START", "STOP", "ENABLE", "RENAME", "DRYRUN", "DEALLOCATE", "REALLOCATE",
    ]

    private func join(_ verb: String, _ object: String?) -> String { object.map { "\(verb) \($0)" } ?? verb }

    // MARK: Writing

    /// The verb is passed.
    private mutating func write(_ verb: String, _ text: RawSpan) -> String {
        switch verb {
        case "CREATE", "INSERT", "MERGE":
            if verb == "CREATE", let kind = definition(text) { return join(verb, kind) }
            return join(verb, pattern(text) ?? firstLabel)
        default:
            return join(verb, subject(text) ?? firstLabel)
        }
    }

    /// What kind of thing is defined; `nil` where a pattern comes.
    private mutating func definition(_ text: RawSpan) -> String? {
        var copy = self
        for _ in 0..<6 {
            let word = copy.keyword(text)
            if Self.kinds.contains(word) { return word }
            guard Self.adjectives.contains(word) else { return nil }
            copy.advance(text)
        }
        return nil
    }

    private static let kinds: Set<String> = [
        "INDEX", "CONSTRAINT", "DATABASE", "COMPOSITE", "ALIAS", "USER", "ROLE", "SERVER", "CURRENT",
    ]
    private static let adjectives: Set<String> = [
        "OR", "REPLACE", "RANGE", "TEXT", "POINT", "LOOKUP", "VECTOR", "FULLTEXT", "BTREE", "IMMUTABLE",
    ]

    /// The first label or type of the pattern at this place, or that of the variable in it.
    private mutating func pattern(_ text: RawSpan) -> String? {
        var known: String?
        var depth = 0
        while token != .end {
            if depth == 0, isPlain(text), endsPattern(keyword(text)) { break }
            switch token {
            case .sign(UInt8(ascii: "(")), .sign(UInt8(ascii: "[")), .sign(UInt8(ascii: "{")): depth += 1
            case .sign(UInt8(ascii: ")")), .sign(UInt8(ascii: "]")), .sign(UInt8(ascii: "}")): depth -= 1
            default: break
            }
            guard depth >= 0 else { break }
            let (variable, label) = look(text)
            if let label { return label }
            if known == nil, let variable { known = labels[variable] }
        }
        return known
    }

    private func endsPattern(_ word: String) -> Bool {
        Self.keywords.contains(word) || Self.patternEnds.contains(word)
    }

    private static let patternEnds: Set<String> = [
        "MATCH", "CREATE", "MERGE", "INSERT", "SET", "DELETE", "DETACH", "REMOVE", "ON", "WHERE", "CALL", "UNION",
    ]

    /// The label of what is set, deleted or removed: one that is named there, or that of the variable.
    private mutating func subject(_ text: RawSpan) -> String? {
        while token == .sign(UInt8(ascii: "(")) { advance(text) }
        guard let variable = name(text) else { return nil }
        advance(text)
        if token == .sign(UInt8(ascii: ":")) {
            advance(text)
            if let label = name(text) { return label }
        }
        return labels[variable]
    }

    // MARK: Patterns

    /// Reads on. Behind an opening bracket that is the variable and the label of a node or a relationship, where there are
    /// some; they are kept.
    @discardableResult
    private mutating func look(_ text: RawSpan) -> (variable: String?, label: String?) {
        let opens = token == .sign(UInt8(ascii: "(")) || token == .sign(UInt8(ascii: "["))
        advance(text)
        guard opens else { return (nil, nil) }
        let variable = name(text)
        if variable != nil {
            guard !isVerb(text) else { return (nil, nil) }
            advance(text)
        }
        guard token == .sign(UInt8(ascii: ":")) else { return (variable, nil) }
        advance(text)
        // `:!A`, `:(A|B)`, `:%`.
        while token == .sign(UInt8(ascii: "!")) || token == .sign(UInt8(ascii: "(")) { advance(text) }
        guard let label = name(text) else { return (variable, nil) }
        if firstLabel == nil { firstLabel = label }
        if let variable, labels[variable] == nil, labels.count < Self.variablesMax { labels[variable] = label }
        return (variable, label)
    }

    /// A clause stands in brackets: `FOREACH (x IN list | MERGE ...)`, `CALL (x) { ... }`.
    private func isVerb(_ text: RawSpan) -> Bool { Self.patternEnds.contains(keyword(text)) && isPlain(text) }

    /// The name of a procedure; `nil` where a subquery comes.
    private mutating func procedure(_ text: RawSpan) -> String? {
        guard var name = name(text) else { return nil }
        advance(text)
        while token == .sign(UInt8(ascii: ".")), name.utf8.count < 2 * Self.nameBytesMax {
            advance(text)
            guard let part = self.name(text) else { break }
            name += "." + part
            advance(text)
        }
        return name
    }

    // MARK: Words

    private mutating func advance(_ text: RawSpan) {
        former = token
        token = scanner.next(text)
    }

    /// Whether the word at this place may be a keyword: it is no property, label, key or alias.
    private func isPlain(_ text: RawSpan) -> Bool {
        guard case .word = token else { return false }
        switch former {
        case .sign(UInt8(ascii: ".")), .sign(UInt8(ascii: ":")): return false
        case .word(let range) where Self.upper(text, range) == "AS": return false
        default: break
        }
        var copy = scanner
        switch copy.next(text) {
        case .sign(UInt8(ascii: ":")), .sign(UInt8(ascii: ".")), .sign(UInt8(ascii: ",")): return false
        default: return true
        }
    }

    /// The word at this place in capitals; empty if there is no word or one too long for a keyword.
    private func keyword(_ text: RawSpan) -> String {
        guard case .word(let range) = token else { return "" }
        return Self.upper(text, range)
    }

    private static func upper(_ text: RawSpan, _ range: Range<Int>) -> String {
        guard range.count <= 12 else { return "" }
        return String(unsafeUninitializedCapacity: range.count) { room in
            for index in 0..<range.count {
                let byte = text.byte(at: range.lowerBound + index)
                room[index] = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xDF : byte
            }
            return range.count
        }
    }

    /// The name at this place; `nil` if there is none.
    private func name(_ text: RawSpan) -> String? {
        switch token {
        case .word(let range): return text.text(range.prefix(Self.nameBytesMax))
        case .quoted(let range):
            var bytes: [UInt8] = []
            var isSecond = false
            for index in range where bytes.count < Self.nameBytesMax {
                let byte = text.byte(at: index)
                isSecond = byte == UInt8(ascii: "`") && !isSecond
                if !isSecond || byte != UInt8(ascii: "`") { bytes.append(byte) }
            }
            return String(decoding: bytes, as: UTF8.self)
        default: return nil
        }
    }
}
