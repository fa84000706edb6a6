/// One thing that was asked of the pipeline, and what the pipeline said became of it.
package struct Submission: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case ingest, delete, duplicate
        case reingest = "re-ingest"
    }

    package enum Result: String, Hashable, Sendable, Codable, CaseIterable {
        /// The pipeline says that it is done.
        case succeeded
        /// The pipeline says that it failed and that all it had written is undone.
        case rolledBack = "rolled back"
        /// Anything else: no answer before the deadline, or a failure that claims no rollback. The data may be there or
        /// not, but only as a whole.
        case unknown
    }

    package var id: String
    /// The id it was submitted under; submissions of one document share it.
    package var document: String
    package var kind: Kind
    /// The id under which the stores know the document, where the pipeline makes its own. Nil: the same as `document`.
    package var storedID: String?
    /// Where the source lies, as the links' keys name it: an S3 object key. Nil: the same as `document`.
    package var sourceKey: String?
    /// Lower-case hex SHA-256 of the source bytes; nil for a deletion.
    package var contentDigest: String?
    package var result: Result
    /// Why it didn't succeed, in the pipeline's words.
    package var reason: String?
    /// Before the faults: it says what stood, and is counted nowhere.
    package var isBaseline: Bool
    /// When it was handed to the pipeline, in nanoseconds of the wire history. Nil: not known.
    package var began: Int64?
    /// When its result was there. Nil: not known.
    package var ended: Int64?

    package init(
        id: String, document: String, kind: Kind, storedID: String? = nil, sourceKey: String? = nil,
        contentDigest: String? = nil, result: Result, reason: String? = nil, isBaseline: Bool = false,
        began: Int64? = nil, ended: Int64? = nil
    ) {
        self.id = id
        self.document = document
        self.kind = kind
        self.storedID = storedID
        self.sourceKey = sourceKey
        self.contentDigest = contentDigest
        self.result = result
        self.reason = reason
        self.isBaseline = isBaseline
        self.began = began
        self.ended = ended
    }
}
