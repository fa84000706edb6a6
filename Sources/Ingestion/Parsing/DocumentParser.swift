/// Turns a file into text, by the file's extension.
package struct DocumentParser: Sendable {
    /// The program that reads PDF files: a name, looked up in `PATH`.
    package var pdfToText: String
    /// Ends a PDF parser that takes longer.
    package var pdfTimeout: Duration

    package init(pdfToText: String = "pdftotext", pdfTimeout: Duration = .seconds(25)) {
        self.pdfToText = pdfToText
        self.pdfTimeout = pdfTimeout
    }

    /// - Parameter path: a local file whose extension tells its format.
    /// - Throws: `IngestionError`, always permanent: the same bytes parse the same way.
    package func parse(path: String) async throws -> ParsedDocument {
        let format = try Self.format(of: path)
        let parsed: ParsedDocument
        if format == .pdf {
            let text = try await PDFText(program: pdfToText, timeout: pdfTimeout).extract(path: path)
            parsed = ParsedDocument(format: .pdf, text: TextRepair.clean(text))
        } else {
            parsed = try Self.parse(LocalFile.read(path), as: format)
        }
        return try Self.checked(parsed)
    }

    /// The text formats, which need neither file nor program.
    package static func parse(_ bytes: [UInt8], as format: DocumentFormat) throws -> ParsedDocument {
        let source = TextRepair.decode(bytes)
        switch format {
        case .txt: return ParsedDocument(format: format, text: source)
        case .md:
            let markdown = MarkdownText(source)
            return ParsedDocument(format: format, title: markdown.title, text: markdown.text)
        case .html:
            let html = HTMLText(source)
            return ParsedDocument(format: format, title: html.title, text: html.text)
        case .csv: return ParsedDocument(format: format, text: CSVText.extract(source))
        case .json: return ParsedDocument(format: format, text: try JSONText.extract(source))
        case .pdf: preconditionFailure("PDF files are parsed by path")
        }
    }

    /// - Throws: `EmptyText` for a document without anything to embed.
    package static func checked(_ document: ParsedDocument) throws -> ParsedDocument {
        guard document.text.utf8.contains(where: { $0 > 0x20 }) else {
            throw IngestionError(.emptyText, "no text in the \(document.format.rawValue) document")
        }
        return document
    }

    private static func format(of path: String) throws -> DocumentFormat {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = file.lastIndex(of: "."), file.index(after: dot) < file.endIndex else {
            throw IngestionError(.unsupportedFormat, "file '\(file)' has no extension")
        }
        let fileExtension = String(file[file.index(after: dot)...])
        guard let format = DocumentFormat(fileExtension: fileExtension) else {
            let known = DocumentFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw IngestionError(
                .unsupportedFormat, "no parser for '.\(fileExtension)'; there are parsers for \(known)")
        }
        return format
    }
}
