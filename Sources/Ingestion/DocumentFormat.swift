/// A kind of document that the worker can turn into text.
package enum DocumentFormat: String, CaseIterable, Hashable, Sendable, Codable {
    case txt, md, html, csv, json, pdf

    /// The format that a file extension (no dot, any case) stands for; nil when the worker can't parse it.
    package init?(fileExtension: String) {
        switch fileExtension.lowercased() {
        case "htm": self = .html
        case let known:
            guard let format = DocumentFormat(rawValue: known) else { return nil }
            self = format
        }
    }

    /// Without a dot, lower case.
    package var fileExtension: String { rawValue }

    /// The media type that a well-behaved uploader sends.
    package var contentType: String {
        switch self {
        case .txt: "text/plain"
        case .md: "text/markdown"
        case .html: "text/html"
        case .csv: "text/csv"
        case .json: "application/json"
        case .pdf: "application/pdf"
        }
    }
}
