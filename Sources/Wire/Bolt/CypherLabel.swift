/// What a Cypher query does, in few words: what it writes first, and the label or the relationship type behind that, as in
/// `MERGE Document`, `CREATE MENTIONS`, `DELETE Chunk`; of one that only reads, `MATCH Chunk`; else `CALL db.labels`,
/// `CREATE INDEX`, `RETURN`.
///
/// Read off the text alone, without a grammar: a label is for people and selectors, so for a text that says nothing known it
/// is `OTHER`, and never an error.
package struct CypherLabel: Hashable, Sendable {
    package var operation: String

    /// So much of a text is looked at.
    static let lookedAt = 16 * 1024

    /// Never fails.
    ///
    /// - Parameter cypher: the query's text, or the beginning of it, in UTF-8.
    package init(_ cypher: RawSpan) {
        var reader = CypherReader()
        operation = reader.operation(cypher.extracting(..<min(cypher.byteCount, Self.lookedAt)))
    }
}
