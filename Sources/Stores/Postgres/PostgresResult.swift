/// The answer to one SQL statement.
package struct PostgresResult: Hashable, Sendable {
    package var columns: [String]
    /// Values in PostgreSQL's text format; nil is NULL.
    package var rows: [[String?]]
    /// Rows that the statement inserted, changed, deleted or read.
    package var affected: Int

    package init(columns: [String], rows: [[String?]], affected: Int) {
        self.columns = columns
        self.rows = rows
        self.affected = affected
    }

    /// The position of a column.
    package func index(of column: String) -> Int? { columns.firstIndex(of: column) }
    /// The first value of the first row.
    package var scalar: String? { rows.first?.first ?? nil }
}

/// Array literals in PostgreSQL's text format.
package enum PostgresArray {
    /// A `text[]` (or `uuid[]`, `int[]`: the server decides by the parameter's place) of these elements.
    package static func literal(_ elements: [String?]) -> String {
        let quoted = elements.map { element -> String in
            guard let element else { return "NULL" }
            let escaped = element.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return "\"\(escaped)\""
        }
        return "{" + quoted.joined(separator: ",") + "}"
    }
}
