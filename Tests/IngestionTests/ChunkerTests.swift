import Ingestion
import Stores
import Testing

struct ChunkerTests {
    static let texts: [(name: String, text: String)] = [
        (
            "prose",
            String(decoding: Corpus(seed: 1).document(index: 1, format: .txt, size: 50_000).bytes, as: UTF8.self)
        ),
        (
            "markdown",
            String(decoding: Corpus(seed: 1).document(index: 1, format: .md, size: 9_000).bytes, as: UTF8.self)
        ),
        ("no spaces", (0..<1_200).map { "\($0)x" }.joined()),
        ("no spaces, wide", String(String.UnicodeScalarView((0x4E00..<0x5B00).compactMap(Unicode.Scalar.init)))),
        ("one letter", "a"),
        ("spaces", (0..<1_000).map { "n\($0)   \n" }.joined() + "   "),
        ("long gaps", (0..<5).map { "word\($0)" + String(repeating: " ", count: 1_500) }.joined()),
    ]

    @Test(arguments: texts.indices)
    func properties(_ index: Int) {
        let text = Self.texts[index].text
        let chunker = Chunker()
        let chunks = chunker.chunks(of: text)
        #expect(chunks == chunker.chunks(of: text))
        #expect(chunks.map(\.ordinal) == Array(chunks.indices))
        for chunk in chunks {
            #expect((1...chunker.sizeMax).contains(chunk.text.utf8.count))
            #expect(!chunk.text.first!.isWhitespace && !chunk.text.last!.isWhitespace)
            #expect(chunk.digest == SHA256.hex(chunk.text))
            #expect(text.contains(chunk.text))
        }
        expectCovered(text, by: chunks, overlap: chunker.overlap)
    }

    /// The texts don't repeat themselves, so a chunk is found in one place only.
    /// Every byte that is no white space is in a chunk, in order, and no overlap is longer than it may be.
    private func expectCovered(_ text: String, by chunks: [Chunk], overlap: Int) {
        let source = Array(text.utf8)
        var covered = 0
        for chunk in chunks {
            let bytes = Array(chunk.text.utf8)
            let earliest = max(0, covered - overlap)
            let start = (earliest...source.count).first { source[$0...].starts(with: bytes) }
            guard let start else {
                Issue.record("chunk \(chunk.ordinal) is not where it should be")
                return
            }
            if start > covered {
                #expect(source[covered..<start].allSatisfy { $0 <= 0x20 })
            }
            covered = max(covered, start + bytes.count)
        }
        #expect(source[covered...].allSatisfy { $0 <= 0x20 })
    }

    @Test func prefersParagraphs() {
        let paragraph = String(repeating: "Eight by. ", count: 70) + "\n\n"
        let chunks = Chunker(sizeMax: 1000, overlap: 0).chunks(of: paragraph + paragraph)
        #expect(chunks.count == 2)
        #expect(chunks[0].text == chunks[1].text)
    }

    @Test func aLargeTextGivesThousandsOfChunks() {
        let document = Corpus(seed: 2).document(index: 0, format: .txt, size: 5_000_000)
        let chunks = Chunker().chunks(of: String(decoding: document.bytes, as: UTF8.self))
        #expect(chunks.count > 5_000)
        #expect(Set(chunks.map(\.digest)).count == chunks.count)
    }
}
