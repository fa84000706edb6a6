/// The small result of a step, for the journal. What is large (text, vectors, former versions) stays with the worker.
package enum SagaFacts: Hashable, Sendable, Codable {
    case nothing
    /// The source's digest: lower-case hex SHA-256 of its bytes.
    case downloaded(digest: String)
    /// What the document came to.
    case analysed(chunks: Int, entities: Int, batches: Int)
    /// What stood in a store: the former version's digest, or nothing.
    case stood(digest: String?, chunks: Int)
}
