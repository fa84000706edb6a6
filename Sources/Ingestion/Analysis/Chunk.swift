/// A piece of a document's text, embedded and stored by itself.
package struct Chunk: Hashable, Sendable, Codable {
    /// From 0, in the order of the text.
    package var ordinal: Int
    package var text: String
    /// Lower-case hex SHA-256 of the text.
    package var digest: String

    package init(ordinal: Int, text: String, digest: String) {
        self.ordinal = ordinal
        self.text = text
        self.digest = digest
    }
}
