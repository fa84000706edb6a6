import Consistency

/// Rows of any store by the names of their columns, and what they mean as records.
struct FootprintTable {
    let store: Store
    let kind: String
    let query: String
    let columns: [String]
    let rows: [[String?]]

    /// Adds each row's record to its document's. Rows of documents that nobody asked for are left out.
    func add(to footprints: inout FootprintCollector, as kind: Record.Kind) throws {
        if isBlank { return }
        let (document, key) = (try position(of: "document"), try position(of: "key"))
        let digest = columns.firstIndex(of: "digest")
        let chunks = kind == .document ? columns.firstIndex(of: "chunks") : nil
        for row in rows {
            guard let id = row[document] else { throw failure("a row has no `document`") }
            guard let name = row[key] else { throw failure("a row of document \(id) has no `key`") }
            let said = chunks.flatMap { row[$0] }
            let count = said.flatMap { Int($0) }
            if let said, count == nil { throw failure("`chunks` of document \(id) is no whole number: \(said)") }
            footprints.add(Record(kind: kind, key: name, digest: digest.flatMap { row[$0] }, chunks: count), to: id)
        }
    }

    func orphans() throws -> [Orphan] {
        if isBlank { return [] }
        let (key, kind) = (try position(of: "key"), try position(of: "kind"))
        let document = columns.firstIndex(of: "document")
        return try rows.map { row in
            guard let name = row[key] else { throw failure("a row has no `key`") }
            guard let kind = row[kind].flatMap(Record.Kind.init(rawValue:)) else {
                throw failure("`kind` is \(row[kind] ?? "null"); it is one of document, chunk, entity")
            }
            return Orphan(store: store, document: document.flatMap { row[$0] }, kind: kind, key: name)
        }
    }

    /// ArcadeDB names no columns when there are no rows.
    private var isBlank: Bool { columns.isEmpty && rows.isEmpty }

    private func position(of column: String) throws -> Int {
        guard let position = columns.firstIndex(of: column) else {
            throw failure("no column `\(column)`; it gives \(columns.joined(separator: ", "))")
        }
        return position
    }

    private func failure(_ message: String) -> FootprintError {
        FootprintError(store: store, kind: kind, query: query, message: message)
    }
}
