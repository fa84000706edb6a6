/// Renders a message anew with its body changed.
package enum HTTPBodyEditor {
    /// - Parameters:
    ///   - head: exactly a head, with its empty line.
    ///   - body: the whole body as it came off the wire, the framing of its chunks included.
    /// - Returns: the whole message, with a Content-Length; `nil` where an edit cannot be made: of a body that is encoded, or
    ///   that is not of the kind that the edit is about.
    package static func apply(_ edits: [BodyEdit], toHead head: RawSpan, body: RawSpan) -> [UInt8]? {
        guard let parsed = try? HTTPHeadParser.parse(head), isPlain(head),
            var content = parsed.isChunked ? HTTPChunkScanner.content(of: body) : body.withUnsafeBytes({ Array($0) })
        else { return nil }
        for edit in edits {
            guard let edited = apply(edit, to: content) else { return nil }
            content = edited
        }
        return HTTPHeadEditor.apply(
            [
                .removeHeader("Transfer-Encoding"), .removeHeader("Trailer"),
                .setHeader("Content-Length", to: String(content.count)),
            ], to: head) + content
    }

    private static func isPlain(_ head: RawSpan) -> Bool {
        HTTPHeadParser.headers(head)
            .allSatisfy { $0.name.lowercased() != "content-encoding" || $0.value.lowercased() == "identity" }
    }

    private static func apply(_ edit: BodyEdit, to content: [UInt8]) -> [UInt8]? {
        switch edit {
        case .malform: malformed(content)
        case .reorderEmbeddings: EmbeddingsEditor(content)?.reordered()
        case .dropEmbedding: EmbeddingsEditor(content)?.shortened()
        case .resizeEmbeddings(let dimensions): EmbeddingsEditor(content)?.resized(dimensions)
        }
    }

    /// The first half of what has a beginning and an end of its own, which other text has not.
    private static func malformed(_ content: [UInt8]) -> [UInt8]? {
        guard let first = content.first(where: { $0 > 0x20 }),
            [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<")].contains(first)
        else { return nil }
        return Array(content[..<max(1, content.count / 2)])
    }
}
