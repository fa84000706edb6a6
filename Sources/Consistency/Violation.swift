/// One thing that must not be, told to somebody who has to mend it.
package struct Violation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Name of the invariant.
    package var invariant: String
    /// The id that the document was submitted under; nil where it isn't about one.
    package var document: String?
    /// The stores where to look first.
    package var stores: [Store]
    package var expected: String
    package var found: String

    package init(invariant: String, document: String?, stores: [Store], expected: String, found: String) {
        self.invariant = invariant
        self.document = document
        self.stores = stores
        self.expected = expected
        self.found = found
    }

    package var description: String {
        "\(invariant): \(document.map { "document \($0): " } ?? "")expected \(expected); found \(found)"
    }
}
