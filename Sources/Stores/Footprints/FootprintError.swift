package import Consistency

/// A query for footprints failed. A user may have written it, so this says which one and what the server said.
package struct FootprintError: Error, CustomStringConvertible {
    package var store: Store
    /// `document`, `chunk`, `entity` or `orphans`, as in the configuration.
    package var kind: String
    package var query: String
    package var message: String
    /// The store's own error, when it gave one.
    package var cause: StoreError?

    package init(store: Store, kind: String, query: String, message: String, cause: StoreError? = nil) {
        self.store = store
        self.kind = kind
        self.query = query
        self.message = message
        self.cause = cause
    }

    package var description: String {
        "footprints.\(store.rawValue).\(kind) cannot be read: \(message)\n  query: \(query)"
    }
}
