/// Finds the table of a query, which may lie in a query within it.
extension StatementReader {
    private struct Query {
        /// How many brackets were open before it.
        let outer: Int
        /// `SELECT` or `VALUES`; empty before it.
        var verb = ""
        var table = ""
        /// The first query or change within it.
        var inner: Found?
        /// The names that its `WITH` defines.
        var defined: Set<String> = []
        /// Bit n: the n-th bracket within it holds a query.
        var queries: UInt64 = 0
        var isAfterBracket = false
        var isAfterFrom = false

        /// What it changes tells more of it than what it reads.
        var found: Found {
            if let inner, inner.verb != "SELECT" { return inner }
            if verb == "VALUES" { return Found(verb: verb) }
            return Found(verb: "SELECT", object: table.isEmpty ? inner?.object ?? "" : table)
        }
    }

    /// A statement that begins with `SELECT`, `WITH`, `VALUES` or `TABLE`.
    mutating func query(_ sql: RawSpan) -> Found {
        var query = Query(outer: depth)
        while !isAtEnd {
            let level = min(max(depth - query.outer, 0), 62)
            let bit = UInt64(1) << UInt64(level)
            if token == .sign(Self.open) {
                advance(sql)
                query.queries &= ~(bit << 1)
                query.isAfterBracket = true
                continue
            }
            let (isAfterBracket, isAfterFrom) = (query.isAfterBracket, query.isAfterFrom)
            query.isAfterBracket = false
            query.isAfterFrom = false
            if level == 0, query.verb.isEmpty {
                if let main = beginning(sql, &query) { return main }
            } else if isAfterBracket, first(sql, bit, isAfterFrom: isAfterFrom, &query) {
                continue
            }
            next(sql, isQuery: level == 0 || query.queries & bit != 0, isOuter: level == 0, &query)
        }
        return query.found
    }

    /// Before the main verb: `WITH`, and the names that it defines. A main verb that changes a table ends the search.
    private mutating func beginning(_ sql: RawSpan, _ query: inout Query) -> Found? {
        if isWord(sql, "with") || token == .sign(UInt8(ascii: ",")) {
            advance(sql)
            skip(sql, "recursive")
            query.defined.insert(name(sql))
        }
        let verb = keyword(sql)
        switch verb {
        case "INSERT", "UPDATE", "DELETE", "MERGE": return Found(verb: verb, object: change(sql))
        case "SELECT", "VALUES": query.verb = verb
        case "TABLE":
            advance(sql)
            return Found(verb: "SELECT", object: name(sql))
        default: break
        }
        return nil
    }

    /// The first word in a bracket; whether it has been read.
    private mutating func first(_ sql: RawSpan, _ bit: UInt64, isAfterFrom: Bool, _ query: inout Query) -> Bool {
        let verb = keyword(sql)
        switch verb {
        case "SELECT", "WITH", "VALUES":
            query.queries |= bit
            return false
        case "INSERT", "UPDATE", "DELETE", "MERGE":
            let found = Found(verb: verb, object: change(sql))
            if query.inner?.verb ?? "SELECT" == "SELECT" { query.inner = found }
            return true
        default:
            guard isAfterFrom else { return false }
            add(name(sql), isOuter: true, &query)
            return true
        }
    }

    private mutating func next(_ sql: RawSpan, isQuery: Bool, isOuter: Bool, _ query: inout Query) {
        if isWord(sql, "distinct") {
            // `IS DISTINCT FROM` names no table.
            advance(sql)
            skip(sql, "from")
            return
        }
        guard isWord(sql, "from"), isQuery else { return advance(sql) }
        advance(sql)
        skip(sql, "only", "lateral")
        let isBracket = token == .sign(Self.open)
        if !isBracket { add(name(sql), isOuter: isOuter, &query) }
        query.isAfterFrom = isBracket
    }

    private func add(_ table: String, isOuter: Bool, _ query: inout Query) {
        guard !table.isEmpty, !query.defined.contains(table) else { return }
        if isOuter, !query.verb.isEmpty {
            if query.table.isEmpty { query.table = table }
        } else if query.inner == nil {
            query.inner = Found(verb: "SELECT", object: table)
        }
    }
}
