package import Consistency

/// Writes documents to one store. Every write is idempotent: ids are deterministic, and a write replaces whatever former version of the document stands there.
package protocol StoreWriter: Sendable {
    var store: Store { get }

    /// Creates the schema where it is missing. Safe while other workers do the same.
    func prepare() async throws

    /// What the store holds of the document, as far as it keeps it: written again, it leaves the same records.
    ///
    /// - Returns: nil when it holds nothing.
    func stored(document: String) async throws -> ProcessedDocument?

    /// Makes the store hold this version of the document and nothing of any other.
    func write(_ document: ProcessedDocument) async throws

    /// Makes the store hold nothing of the document. One that isn't there is fine.
    func remove(document: String) async throws
}
