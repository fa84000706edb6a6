/// One document to be ingested.
package struct IngestionRequest: Hashable, Sendable, Codable {
    /// The id under which all four stores shall know the document.
    package var document: String
    /// Where it lies in the worker's bucket.
    package var key: String

    package init(document: String, key: String) {
        self.document = document
        self.key = key
    }
}
