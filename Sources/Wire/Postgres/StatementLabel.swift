/// What a PostgreSQL statement does, in few words: its verb and its table, as in `INSERT chunks`, `SELECT documents`,
/// `COMMIT`, `CREATE INDEX by_name`.
///
/// Read off the text alone, without a grammar: a label is for people and selectors, so for a text that says nothing known it
/// is `OTHER`, and never an error.
package struct StatementLabel: Hashable, Sendable {
    /// What a statement does to the transaction of its session.
    package enum Control: Hashable, Sendable {
        case none, begin
        /// The transaction ends with it, and its changes stay. `PREPARE TRANSACTION` counts as one.
        case commit
        /// The transaction ends with it, and its changes go. `ROLLBACK TO` is none.
        case rollback
    }

    /// Of several statements in one text, that of the first which is neither `BEGIN` nor `SET`, else of the first.
    /// `EMPTY` where there is none.
    package var operation: String
    /// What all of the statements do to the transaction: none if one begins it and another ends it.
    package var control: Control
    /// Whether one of the statements is a `COMMIT`.
    package var commits: Bool
    /// How many statements the text holds.
    package var statements: Int

    /// Never fails.
    ///
    /// - Parameter sql: the statement's text, or the beginning of it, in the client's encoding.
    package init(_ sql: RawSpan) {
        var reader = StatementReader(sql)
        operation = "EMPTY"
        control = .none
        commits = false
        statements = 0
        var isPreliminary = true
        while let found = reader.statement(sql) {
            statements += 1
            add(found.control)
            guard isPreliminary else { continue }
            let isMain = found.control != .begin && found.verb != "SET"
            guard isMain || statements == 1 else { continue }
            if isMain { isPreliminary = false }
            operation = found.operation
        }
    }

    private mutating func add(_ next: Control) {
        if next == .commit { commits = true }
        switch next {
        case .none: break
        case .begin: control = .begin
        case .commit, .rollback: control = control == .begin ? .none : next
        }
    }

    /// The same, of an array.
    package init(_ sql: [UInt8]) { self.init(sql.span.bytes) }
}
