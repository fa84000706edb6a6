/// The records that one document leaves in one store, as found: duplicates are kept.
package struct Footprint: Hashable, Sendable, Codable {
    /// The id under which the stores know the document.
    package var document: String
    package var records: [Record]

    package init(document: String, records: [Record]) {
        self.document = document
        self.records = records
    }

    /// The store holds nothing of the document.
    package var isEmpty: Bool { records.isEmpty }

    package func records(of kind: Record.Kind) -> [Record] {
        records.filter { $0.kind == kind }
    }
}
