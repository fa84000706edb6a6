import Ingestion
import Testing

struct CorpusTests {
    @Test(arguments: DocumentFormat.allCases)
    func sizesAndDeterminism(_ format: DocumentFormat) throws {
        for size in [416, 417, 1000, 4097, 65_536] {
            let document = Corpus(seed: 9).document(index: 2, format: format, size: size)
            #expect(document == Corpus(seed: 9).document(index: 2, format: format, size: size))
            #expect(document.bytes != Corpus(seed: 8).document(index: 2, format: format, size: size).bytes)
            #expect(document.bytes != Corpus(seed: 9).document(index: 3, format: format, size: size).bytes)
            #expect(document.bytes != Corpus(seed: 9).document(index: 2, format: format, size: size, revision: 1).bytes)
            #expect(document.name == "document-2.\(format.fileExtension)")
            #expect(document.contentType == format.contentType)
            #expect(String(validating: document.bytes, as: UTF8.self) != nil || format == .pdf)
            if format == .pdf {
                let slack = max(1024, size / 50)
                #expect((size - slack...size + slack).contains(document.bytes.count))
            } else {
                #expect(document.bytes.count == size)
                #expect(!(try DocumentParser.checked(DocumentParser.parse(document.bytes, as: format))).text.isEmpty)
            }
        }
    }

    @Test(arguments: DocumentFormat.allCases)
    func largestDocument(_ format: DocumentFormat) {
        let size = Corpus.sizes.upperBound
        let document = Corpus(seed: 9).document(index: 0, format: format, size: size)
        #expect(abs(document.bytes.count - size) <= (format == .pdf ? size / 50 : 0))
    }

    /// Whatever a text is cut at, no format breaks: every size in a row.
    @Test(arguments: [DocumentFormat.json, .csv, .html])
    func everyCutIsWhole(_ format: DocumentFormat) throws {
        for size in 600..<900 {
            let document = Corpus(seed: 1).document(index: size, format: format, size: size)
            #expect(document.bytes.count == size)
            #expect(String(validating: document.bytes, as: UTF8.self) != nil)
            let text = try DocumentParser.parse(document.bytes, as: format).text
            #expect(!text.contains("<") && !text.contains("&eur"))
        }
    }

    @Test func crossReferencesPointAtObjects() throws {
        let bytes = Corpus(seed: 3).document(index: 0, format: .pdf, size: 30_000).bytes
        let text = String(decoding: bytes.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        let start = try #require(text.split(separator: "startxref\n").last?.split(separator: "\n").first)
        let table = try #require(Int(start).map { text.dropFirst($0) })
        let lines = table.split(separator: "\n")
        #expect(lines[0] == "xref")
        let entries = lines.dropFirst(3).prefix { $0.hasSuffix(" n ") }
        #expect(entries.count > 8)
        for (index, entry) in entries.enumerated() {
            let offset = try #require(Int(entry.prefix(10)))
            #expect(text.dropFirst(offset).hasPrefix("\(index + 1) 0 obj\n"))
        }
    }

    @Test func mixHitsBothEndsAndAllFormats() {
        let corpus = Corpus(seed: 4)
        for count in [2, 3, 6, 50] {
            let mix = corpus.mix(documents: count, formats: [.pdf, .txt, .md, .html], sizes: 416...65_536)
            #expect(mix.count == count)
            #expect(Set(mix.map(\.name)).count == count)
            if count >= 4 { #expect(Set(mix.map(\.format)) == [.pdf, .txt, .md, .html]) }
            if count >= 3 {
                #expect(mix.contains { $0.bytes.count == 416 } && mix.contains { $0.bytes.count == 65_536 })
            }
            #expect(mix == corpus.mix(documents: count, formats: [.pdf, .txt, .md, .html], sizes: 416...65_536))
        }
    }

    @Test func sizesAreLogUniform() {
        let plan = Corpus(seed: 4).plan(documents: 3000, formats: [.txt], sizes: 1000...1_000_000)
        for decade in [1_000...9_999, 10_000...99_999, 100_000...1_000_000] {
            #expect((900...1100).contains(plan.count { decade.contains($0.size) }))
        }
    }
}
