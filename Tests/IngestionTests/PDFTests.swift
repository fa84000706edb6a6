import Ingestion
import Testing

struct PDFTests {
    @Test(arguments: [1024, 20_000, 300_000])
    func corpusFilesGiveTheirTextBack(_ size: Int) async throws {
        let corpus = Corpus(seed: 7)
        let document = corpus.document(index: 3, format: .pdf, size: size)
        let parsed = try await withScratchFile(document.bytes, extension: "pdf") {
            try await DocumentParser().parse(path: $0)
        }
        let words = parsed.text.split { $0.isWhitespace }.map(String.init)
        // The same prose as a text, whose words come in the same order as far as the PDF goes.
        let text = corpus.document(index: 3, format: .txt, size: min(size, 4096))
        let expected = String(decoding: text.bytes, as: UTF8.self).split { $0.isWhitespace }.map(String.init)
        let common = min(words.count, expected.count - 1)
        #expect(common >= 20)
        #expect(words.prefix(common).map(plain) == expected.prefix(common).map(plain))
        #expect(Double(parsed.text.utf8.count) > Double(size) * 0.4 || size < 5000)
    }

    /// Without the letters that WinAnsiEncoding lacks.
    private func plain(_ word: String) -> String {
        word.replacing("Ł", with: "L").replacing("ź", with: "z").replacing("ż", with: "z")
    }

    @Test func aMissingProgramIsNamed() async throws {
        let error = try await withScratchFile(Array("%PDF-1.4".utf8), extension: "pdf") { path in
            await #expect(throws: IngestionError.self) {
                try await DocumentParser(pdfToText: "no-such-pdftotext").parse(path: path)
            }
        }
        #expect(error?.kind == .missingTool)
        #expect(error?.reason.contains("poppler-utils") == true)
    }

    @Test func rubbishIsMalformed() async throws {
        let error = try await withScratchFile(Array("%PDF-1.4 rubbish".utf8), extension: "pdf") { path in
            await #expect(throws: IngestionError.self) { try await DocumentParser().parse(path: path) }
        }
        #expect(error?.kind == .malformedDocument)
    }

    @Test func aSlowProgramIsEnded() async throws {
        let document = Corpus(seed: 7).document(index: 3, format: .pdf, size: 5 << 20)  // half a second of work
        let error = try await withScratchFile(document.bytes, extension: "pdf") { path in
            await #expect(throws: IngestionError.self) {
                try await DocumentParser(pdfTimeout: .zero).parse(path: path)
            }
        }
        #expect(error?.kind == .parserTimeout)
        #expect(error?.isTransient == true)
    }
}
