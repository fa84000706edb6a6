import Consistency

/// Gathers records by document, in the order in which the documents were asked for.
struct FootprintCollector {
    private let documents: [String]
    private var records: [String: [Record]]

    init(_ documents: [String]) {
        self.documents = documents
        records = Dictionary(documents.map { ($0, []) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func add(_ record: Record, to document: String) {
        records[document]?.append(record)
    }

    var footprints: [Footprint] {
        documents.map { Footprint(document: $0, records: records[$0] ?? []) }
    }
}
