package import Wire

/// The answer to one Cypher query.
package struct BoltResult: Hashable, Sendable {
    package var fields: [String]
    package var records: [[BoltValue]]
    /// The metadata of the last SUCCESS: `type`, `stats`, `db`, `bookmark`.
    package var summary: [String: BoltValue]

    package init(fields: [String], records: [[BoltValue]], summary: [String: BoltValue]) {
        self.fields = fields
        self.records = records
        self.summary = summary
    }

    /// The position of a field.
    package func index(of field: String) -> Int? { fields.firstIndex(of: field) }
}
