import Glibc

/// Makes documents of a freight forwarder: letters, rate sheets, waybills. The same seed gives the same bytes everywhere.
/// Documents share customers, drivers, places and invoices, so that concurrent ingestions meet at the same entities.
package struct Corpus: Hashable, Sendable, Codable {
    /// What documents can be asked for, in bytes.
    package static let sizes = 416...5_242_880

    package var seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// - Parameters:
    ///   - index: which document of the corpus.
    ///   - size: in bytes, within `sizes`. PDF files have about 600 bytes of frame and are never smaller than 1 KiB;
    ///     all others are of exactly this size.
    ///   - revision: another revision of a document has other content under the same name.
    package func document(index: Int, format: DocumentFormat, size: Int, revision: Int = 0) -> CorpusDocument {
        precondition(Corpus.sizes.contains(size), "documents have \(Corpus.sizes) bytes")
        let prose = Prose(seed: seed, document: index, revision: revision)
        let bytes =
            switch format {
            case .txt: TextDocument.bytes(prose, size: size)
            case .md: MarkdownDocument.bytes(prose, size: size)
            case .html: HTMLDocument.bytes(prose, size: size)
            case .csv: CSVDocument.bytes(prose, size: size)
            case .json: JSONDocument.bytes(prose, size: size)
            case .pdf: PDFDocument.bytes(prose, size: size)
            }
        return CorpusDocument(name: "document-\(index).\(format.fileExtension)", format: format, bytes: bytes)
    }

    /// The documents of a mix. All formats occur when there are enough documents; sizes are log-uniform over the range,
    /// whose ends are hit exactly when there are two documents or more.
    package func mix(documents: Int, formats: [DocumentFormat], sizes: ClosedRange<Int>) -> [CorpusDocument] {
        plan(documents: documents, formats: formats, sizes: sizes).enumerated().map { index, item in
            document(index: index, format: item.format, size: item.size)
        }
    }

    /// What `mix` makes, without making it. The ends of the range go to formats that can have exactly that size.
    package func plan(
        documents: Int, formats: [DocumentFormat], sizes: ClosedRange<Int>
    ) -> [(format: DocumentFormat, size: Int)] {
        precondition(!formats.isEmpty && documents >= 0)
        var random = SplitMix64(seed: seed, "mix")
        let low = Double(sizes.lowerBound)
        let ratio = Double(sizes.upperBound) / low
        var plan = (0..<documents).map { index in
            let size = Int((low * pow(ratio, random.unit())).rounded())
            return (format: formats[index % formats.count], size: min(max(size, sizes.lowerBound), sizes.upperBound))
        }
        guard documents >= 2 else { return plan }
        let exact = plan.indices.filter { plan[$0].format != .pdf }
        plan[exact.first ?? 0].size = sizes.lowerBound
        plan[exact.count >= 2 ? exact[exact.count - 1] : documents - 1].size = sizes.upperBound
        return plan
    }
}
