/// Something that a document mentions. Documents share entities: stores merge them by name.
package struct Entity: Hashable, Sendable, Codable {
    /// The types that the users' schema allows.
    package enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        case customer, equipment, driver, invoice, load, person, organization, location, product, concept, other
    }

    package var name: String
    package var kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
