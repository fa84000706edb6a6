/// Tells from a message's key which document it is about: `incoming/{source}`, `chunks:{document}:*`.
package struct IdentificationRule: Hashable, Sendable, Codable {
    package var link: String
    /// `{document}` stands for a document's id, `{source}` for the key of a document's source, `*` for any text. Anything else
    /// stands for itself.
    package var key: String

    package init(link: String, key: String) {
        self.link = link
        self.key = key
    }
}
