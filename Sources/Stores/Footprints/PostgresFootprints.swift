package import Consistency

/// Footprints in PostgreSQL: one query a kind, for all documents at once.
package struct PostgresFootprints: FootprintReader {
    package let store = Store.postgres
    private let client: PostgresClient
    private let queries: FootprintQueries.Queries

    package init(client: PostgresClient, queries: FootprintQueries.Queries = FootprintQueries.reference.postgres) {
        self.client = client
        self.queries = queries
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        var collector = FootprintCollector(documents)
        guard !documents.isEmpty else { return [] }
        for kind in Record.Kind.allCases {
            guard let sql = queries[kind] else { continue }
            try await table(kind.rawValue, sql, [PostgresArray.literal(documents)]).add(to: &collector, as: kind)
        }
        return collector.footprints
    }

    package func orphans() async throws -> [Orphan] {
        guard let sql = queries.orphans else { return [] }
        return try await table("orphans", sql, []).orphans()
    }

    private func table(_ kind: String, _ sql: String, _ parameters: [String?]) async throws -> FootprintTable {
        do throws(StoreError) {
            let result = try await client.query(sql, parameters)
            return FootprintTable(store: store, kind: kind, query: sql, columns: result.columns, rows: result.rows)
        } catch {
            throw FootprintError(store: store, kind: kind, query: sql, message: error.description, cause: error)
        }
    }
}
