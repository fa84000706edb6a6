/// The `Content-Type` header of a downloaded object, as far as it tells a file extension.
package struct MediaType: Hashable, Sendable {
    /// Type and subtype, lower case, without parameters.
    package let essence: String

    /// nil for a header that is missing or empty.
    package init?(header: String?) {
        guard let header else { return nil }
        let essence = header.prefix { $0 != ";" }.trimmed().lowercased()
        guard !essence.isEmpty else { return nil }
        self.essence = essence
    }

    /// Says no more than "bytes". S3 implementations answer `binary/octet-stream` for objects put without a type.
    package var isGeneric: Bool { MediaType.generic.contains(essence) }

    /// The extension of files of this type; nil for generic and for unknown types.
    package var fileExtension: String? { isGeneric ? nil : MediaType.extensions[essence] }

    /// Extensions that some media type or document is known by, parseable or not.
    package static func isKnown(fileExtension: String) -> Bool {
        DocumentFormat(fileExtension: fileExtension) != nil || unparseable.contains(fileExtension.lowercased())
    }

    private static let generic: Set<String> = ["binary/octet-stream", "application/octet-stream"]

    private static let extensions: [String: String] = [
        "text/plain": "txt",
        "text/markdown": "md",
        "text/x-markdown": "md",
        "text/html": "html",
        "application/xhtml+xml": "html",
        "text/csv": "csv",
        "application/csv": "csv",
        "application/json": "json",
        "text/json": "json",
        "application/pdf": "pdf",
        "application/x-pdf": "pdf",
        "application/msword": "doc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/zip": "zip",
        "image/png": "png",
        "image/jpeg": "jpg",
    ]

    private static let unparseable: Set<String> = [
        "bin", "doc", "docx", "gif", "jpeg", "jpg", "png", "pptx", "tiff", "xls", "xlsx", "xml", "zip",
    ]
}

extension StringProtocol {
    /// Without white space at either end.
    func trimmed() -> String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
