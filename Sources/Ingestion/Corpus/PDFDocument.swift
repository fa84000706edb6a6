/// A text as a PDF file: A4 pages, one built-in font, nothing compressed.
enum PDFDocument {
    /// Lines are broken here, in characters; about what fits on A4 in 10 point Helvetica.
    private static let width = 90
    private static let linesPerPage = 60

    static func bytes(_ prose: Prose, size: Int) -> [UInt8] {
        var prose = prose
        var writer = PDFWriter(title: prose.title)
        var lines: [String] = []
        var written = 0
        let goal = size - writer.frameSize
        while written < goal || lines.isEmpty {
            for line in wrapped(prose.paragraph()) + [""] where written < goal || lines.isEmpty {
                // What each line costs in the file, its page's share included.
                written += PDFWriter.lineSize(line) + writer.pageSize / linesPerPage
                lines.append(line)
            }
        }
        for start in stride(from: 0, to: lines.count, by: linesPerPage) {
            writer.addPage(lines: Array(lines[start..<min(start + linesPerPage, lines.count)]))
        }
        return writer.finish(paddedTo: size)
    }

    private static func wrapped(_ paragraph: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }
}
