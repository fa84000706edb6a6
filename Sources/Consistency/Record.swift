/// One record that a document leaves in a store.
package struct Record: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case document, chunk, entity
    }

    package var kind: Kind
    /// Identity inside the document: the document's id, a chunk's ordinal, an entity's name.
    package var key: String
    /// Lower-case hex SHA-256 of the content, where the store keeps one.
    package var digest: String?
    /// Of a document's own record: how many chunks it says that there are, where the store keeps that.
    package var chunks: Int?
    /// Of a chunk, whose text its vector is the embedding of; nil where nobody looked, or nobody can tell.
    package var vector: Embedded?

    /// A text that a vector is the embedding of.
    package enum Embedded: String, Hashable, Sendable, Codable {
        /// The record's own.
        case own
        /// That of another chunk of the document.
        case other
        /// Of none of the document's chunks.
        case unknown
    }

    package init(kind: Kind, key: String, digest: String? = nil, chunks: Int? = nil, vector: Embedded? = nil) {
        self.kind = kind
        self.key = key
        self.digest = digest
        self.chunks = chunks
        self.vector = vector
    }
}
