/// What a piece of SQL is called in the history and in selectors: its verb and its table, as in `INSERT chunks`.
package struct StatementLabel: Hashable, Sendable {
    /// What it does to the transaction.
    package enum Control: Hashable, Sendable {
        case none, begin, commit, rollback
    }

    package private(set) var operation: String
    package private(set) var control = Control.none

    /// Of several statements, the first that is about something: not `BEGIN`, not `SET`.
    ///
    /// - Parameter sql: its text, or the beginning of that.
    package init(_ sql: [UInt8]) {
        var tokens = SQLTokens(sql)
        var labels: [String] = []
        while let label = Self.statement(&tokens) {
            if label.isEmpty { continue }
            labels.append(label)
            switch label {
            case "BEGIN": control = .begin
            case "COMMIT": control = control == .begin ? .none : .commit
            case "ROLLBACK": control = control == .begin ? .none : .rollback
            default: break
            }
            if labels.count >= Self.statementsMax { break }
        }
        operation = labels.first { !["BEGIN", "SET"].contains($0) } ?? labels.first ?? "EMPTY"
    }

    private static let statementsMax = 100

    /// The label of one statement, up to its semicolon; empty where there is nothing, `nil` at the end.
    private static func statement(_ tokens: inout SQLTokens) -> String? {
        var all: [SQLTokens.Token] = []
        var isOver = true
        while let token = tokens.next() {
            isOver = false
            if token == .semicolon { break }
            if all.count < tokensMax { all.append(token) }
        }
        return isOver ? nil : label(all[...])
    }

    /// Nobody needs more to find a table.
    private static let tokensMax = 2_000

    private static func label(_ tokens: ArraySlice<SQLTokens.Token>) -> String {
        guard let first = tokens.first else { return "" }
        guard let verb = first.keyword else { return first == .opening ? label(tokens.dropFirst()) : "OTHER" }
        let rest = tokens.dropFirst()
        let second = rest.first?.keyword
        switch verb {
        case "with": return main(rest)
        case "select", "table", "values": return "SELECT" + table(afterFrom(rest))
        case "insert", "merge": return verb.uppercased() + table(after("into", rest))
        case "delete": return "DELETE" + table(after("from", rest))
        case "update", "truncate", "lock", "copy", "call": return verb.uppercased() + table(rest)
        case "begin": return "BEGIN"
        case "start": return second == "transaction" ? "BEGIN" : "START"
        case "commit", "end": return second == "prepared" ? "COMMIT PREPARED" : "COMMIT"
        case "rollback", "abort":
            let words = rest.prefix(2).compactMap(\.keyword)
            if words.contains("to") { return "ROLLBACK TO" }
            return second == "prepared" ? "ROLLBACK PREPARED" : "ROLLBACK"
        case "prepare": return second == "transaction" ? "PREPARE TRANSACTION" : "PREPARE"
        case "create", "alter", "drop": return ([verb] + object(rest)).joined(separator: " ").uppercased()
        default: return verb.uppercased()
        }
    }

    /// The statement behind `WITH`'s queries, which are in parentheses.
    private static func main(_ tokens: ArraySlice<SQLTokens.Token>) -> String {
        var depth = 0
        for (index, token) in zip(tokens.indices, tokens) {
            if token == .opening { depth += 1 }
            if token == .closing { depth -= 1 }
            if depth == 0, let word = token.keyword, ["select", "insert", "update", "delete", "merge"].contains(word) {
                return label(tokens[index...])
            }
        }
        return "WITH"
    }

    /// What is behind the first FROM that is in no parentheses, or else behind any.
    private static func afterFrom(_ tokens: ArraySlice<SQLTokens.Token>) -> ArraySlice<SQLTokens.Token> {
        var depth = 0
        for (index, token) in zip(tokens.indices, tokens) {
            if token == .opening { depth += 1 }
            if token == .closing { depth -= 1 }
            guard depth == 0, token.keyword == "from" else { continue }
            let rest = tokens[(index + 1)...]
            return rest.first == .opening ? afterFrom(rest.dropFirst()) : rest
        }
        return []
    }

    private static func after(_ keyword: String, _ tokens: ArraySlice<SQLTokens.Token>) -> ArraySlice<SQLTokens.Token> {
        tokens.firstIndex { $0.keyword == keyword }.map { tokens[($0 + 1)...] } ?? []
    }

    /// The last part of a table's name, behind a space; nothing where there is no name.
    private static func table(_ tokens: ArraySlice<SQLTokens.Token>) -> String {
        var rest = tokens.drop { $0.keyword.map { ["only", "table", "lateral"].contains($0) } == true }
        guard case .word(var name, _)? = rest.popFirst() else { return "" }
        while rest.first == .dot, case .word(let part, _)? = rest.dropFirst().first {
            name = part
            rest = rest.dropFirst(2)
        }
        return " " + name
    }

    /// `TABLE`, `INDEX`, `MATERIALIZED VIEW`: what is created, without the words that say how.
    private static func object(_ tokens: ArraySlice<SQLTokens.Token>) -> [String] {
        let adverbs: Set = ["or", "replace", "unique", "temp", "temporary", "unlogged", "global", "local", "recursive"]
        let words = tokens.prefix(6).compactMap(\.keyword).drop { adverbs.contains($0) }
        guard let first = words.first else { return [] }
        return first == "materialized" || first == "foreign" || first == "event" ? Array(words.prefix(2)) : [first]
    }
}
