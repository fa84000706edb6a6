/// A document ready to be written: everything that the four stores are given.
package struct ProcessedDocument: Hashable, Sendable, Codable {
    /// The id that it was submitted under.
    package var id: String
    package var title: String
    /// Where the source lies in S3.
    package var sourceKey: String
    /// As S3 answered it; nil when it did not.
    package var contentType: String?
    /// Lower-case hex SHA-256 of the source's bytes.
    package var digest: String
    package var chunks: [Chunk]
    /// One a chunk, in the same order; none where they are not known.
    package var vectors: [[Float]]
    /// Sorted by name: writers take locks in this order, so that documents that share entities can't block each other for good.
    package var entities: [Entity]

    package init(
        id: String, title: String, sourceKey: String, contentType: String?, digest: String, chunks: [Chunk],
        vectors: [[Float]], entities: [Entity]
    ) {
        precondition(vectors.isEmpty || chunks.count == vectors.count)
        self.id = id
        self.title = title
        self.sourceKey = sourceKey
        self.contentType = contentType
        self.digest = digest
        self.chunks = chunks
        self.vectors = vectors
        self.entities = entities.sorted { $0.name < $1.name }
    }
}
