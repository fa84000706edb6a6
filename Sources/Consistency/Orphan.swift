/// A part without its whole: a chunk whose document is gone, an entity that nothing mentions.
package struct Orphan: Hashable, Sendable, Codable {
    package var store: Store
    /// The document that the part names as its own, where it names one.
    package var document: String?
    package var kind: Record.Kind
    /// Identity of the part, as in `Record.key`.
    package var key: String

    package init(store: Store, document: String? = nil, kind: Record.Kind, key: String) {
        self.store = store
        self.document = document
        self.kind = kind
        self.key = key
    }
}
