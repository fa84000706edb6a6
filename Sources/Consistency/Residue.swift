/// Something of the pipeline's that was left under way after everything had settled.
package struct Residue: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case openTransaction = "open transaction"
        case temporaryFile = "temporary file"
        case unfinishedSaga = "unfinished saga"
    }

    package var kind: Kind
    /// Where a transaction is open; nil for what lies outside the stores.
    package var store: Store?
    /// What it is called where it lies: a file's path, a saga's id, a session and its query.
    package var name: String
    /// The document that it belongs to, where that is known.
    package var document: String?

    package init(kind: Kind, store: Store? = nil, name: String, document: String? = nil) {
        self.kind = kind
        self.store = store
        self.name = name
        self.document = document
    }
}
