/// One thing asked of the worker about one document.
package struct IngestionRequest: Hashable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// Make all four stores hold the content that lies at the key, whatever stood there before.
        case ingest
        /// Make no store hold anything of the document.
        case delete
    }

    /// The submission's own, unique: asked again under the same id, the worker gives the same result and does nothing.
    package var id: String
    package var kind: Kind
    /// The id under which all four stores shall know the document.
    package var document: String
    /// Where it lies in the worker's bucket; empty for a deletion.
    package var key: String

    package init(id: String, kind: Kind = .ingest, document: String, key: String = "") {
        self.id = id
        self.kind = kind
        self.document = document
        self.key = key
    }
}
