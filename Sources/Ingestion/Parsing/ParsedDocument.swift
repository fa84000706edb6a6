/// What a parser makes of a file.
package struct ParsedDocument: Hashable, Sendable {
    package var format: DocumentFormat
    /// The document's own title, where the format has one.
    package var title: String?
    /// Paragraphs are separated by blank lines. Valid UTF-8, no NUL (PostgreSQL's `text` has none).
    package var text: String

    package init(format: DocumentFormat, title: String? = nil, text: String) {
        self.format = format
        self.title = title
        self.text = text
    }
}
