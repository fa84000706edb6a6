/// Writes PDF 1.4 files (ISO 32000-1): a catalogue, a page tree, a font, and one uncompressed content stream a page.
/// Text is in WinAnsiEncoding, so letters outside it are replaced by their ASCII likeness.
struct PDFWriter {
    private var bytes = Array("%PDF-1.4\n%\u{E9}\u{E9}\n".utf8)
    /// Byte offsets of objects 1, 2, 3...; 0 while one is not written.
    private var offsets = [0, 0, 0, 0]
    private var pages: [Int] = []

    /// Object numbers of what there is one of.
    private enum Object {
        static let catalogue = 1
        static let pageTree = 2
        static let font = 3
        static let info = 4
    }

    init(title: String) {
        object(Object.catalogue, "<< /Type /Catalog /Pages \(Object.pageTree) 0 R >>")
        object(
            Object.font, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
        object(Object.info, "<< /Title (\(title)) /Producer (faultline) >>")
    }

    /// What a file without pages takes, roughly.
    var frameSize: Int { bytes.count + 240 }
    /// What a page takes besides its lines, roughly.
    var pageSize: Int { 330 }

    static func lineSize(_ line: String) -> Int { line.utf8.count + "() Tj T*\n".utf8.count }

    mutating func addPage(lines: [String]) {
        let page = reserve()
        let content = reserve()
        pages.append(page)
        object(
            page,
            """
            << /Type /Page /Parent \(Object.pageTree) 0 R /MediaBox [0 0 595 842] /Contents \(content) 0 R \
            /Resources << /Font << /F1 \(Object.font) 0 R >> >> >>
            """)
        var stream = Array("BT /F1 10 Tf 12 TL 50 800 Td\n".utf8)
        for line in lines {
            stream.append(UInt8(ascii: "("))
            for scalar in line.unicodeScalars { Self.append(scalar, to: &stream) }
            stream.append(contentsOf: ") Tj T*\n".utf8)
        }
        stream.append(contentsOf: "ET\n".utf8)
        object(
            content,
            Array("<< /Length \(stream.count) >>\nstream\n".utf8) + stream + Array("endstream".utf8))
    }

    /// - Parameter size: comments in front of the cross-reference table bring a smaller file to this size.
    mutating func finish(paddedTo size: Int) -> [UInt8] {
        let kids = pages.map { "\($0) 0 R" }.joined(separator: " ")
        object(Object.pageTree, "<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] >>")
        var missing = size - bytes.count - closing(at: bytes.count).utf8.count
        // The start's offset may grow by a digit with the padding.
        missing -= String(bytes.count + max(missing, 0)).utf8.count - String(bytes.count).utf8.count
        if missing >= 2 {
            bytes.append(UInt8(ascii: "%"))
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "."), count: missing - 2))
            bytes.append(0x0A)
        }
        bytes.append(contentsOf: closing(at: bytes.count).utf8)
        return bytes
    }

    private func closing(at start: Int) -> String {
        var text = "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        return text + """
            trailer
            << /Size \(offsets.count + 1) /Root \(Object.catalogue) 0 R /Info \(Object.info) 0 R >>
            startxref
            \(start)
            %%EOF

            """
    }

    private mutating func reserve() -> Int {
        offsets.append(0)
        return offsets.count
    }

    private mutating func object(_ number: Int, _ body: String) {
        object(number, Array(body.utf8))
    }

    private mutating func object(_ number: Int, _ body: [UInt8]) {
        offsets[number - 1] = bytes.count
        bytes.append(contentsOf: "\(number) 0 obj\n".utf8)
        bytes.append(contentsOf: body)
        bytes.append(contentsOf: "\nendobj\n".utf8)
    }

    /// One character of a literal string, in WinAnsiEncoding.
    private static func append(_ scalar: Unicode.Scalar, to stream: inout [UInt8]) {
        switch scalar {
        case "(", ")", "\\": stream += [UInt8(ascii: "\\"), UInt8(scalar.value)]
        case "\u{20AC}": stream.append(0x80)
        case "\u{141}": stream.append(UInt8(ascii: "L"))
        case "\u{17A}", "\u{17C}": stream.append(UInt8(ascii: "z"))
        case _ where (0x20...0x7E).contains(scalar.value) || (0xA0...0xFF).contains(scalar.value):
            stream.append(UInt8(scalar.value))
        default: stream.append(UInt8(ascii: "?"))
        }
    }
}
