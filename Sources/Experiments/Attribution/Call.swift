/// One logical operation that the worker wanted done on a link that knows calls, with all its attempts.
package struct Call: Hashable, Sendable, Codable {
    /// Nil: nobody can tell whose it is, and whether it is one call.
    package var document: String?
    /// The submission it was made for. Nil: it could be any of the document's.
    package var submission: String?
    package var link: String
    package var operation: String
    package var key: String
    /// In time order, never empty.
    package var attempts: [Attempt]

    package init(
        document: String?, submission: String? = nil, link: String, operation: String, key: String, attempts: [Attempt]
    ) {
        self.document = document
        self.submission = submission
        self.link = link
        self.operation = operation
        self.key = key
        self.attempts = attempts
    }
}

extension Call {
    /// What the attempts of one call have in common.
    struct ID: Hashable, Sendable {
        var document: String?
        var submission: String?
        var link: String
        var operation: String
        var key: String
    }

    init(_ id: ID) {
        self.init(
            document: id.document, submission: id.submission, link: id.link, operation: id.operation, key: id.key,
            attempts: [])
    }
}

extension Call.ID: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        let (leftDocument, rightDocument) = (left.document ?? "", right.document ?? "")
        return (left.link, leftDocument, left.submission ?? "", left.key, left.operation)
            < (right.link, rightDocument, right.submission ?? "", right.key, right.operation)
    }
}
