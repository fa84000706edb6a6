package import Consistency
internal import Wire

/// Footprints in Neo4j: one query a kind, for all documents at once.
package struct Neo4jFootprints: FootprintReader {
    package let store = Store.neo4j
    private let client: BoltClient
    private let queries: FootprintQueries.Queries

    package init(client: BoltClient, queries: FootprintQueries.Queries = FootprintQueries.reference.neo4j) {
        self.client = client
        self.queries = queries
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        var collector = FootprintCollector(documents)
        guard !documents.isEmpty else { return [] }
        let parameters = ["documents": BoltValue.list(documents.map { .string($0) })]
        for kind in Record.Kind.allCases {
            guard let cypher = queries[kind] else { continue }
            try await table(kind.rawValue, cypher, parameters).add(to: &collector, as: kind)
        }
        return collector.footprints
    }

    package func orphans() async throws -> [Orphan] {
        guard let cypher = queries.orphans else { return [] }
        return try await table("orphans", cypher, [:]).orphans()
    }

    private func table(
        _ kind: String, _ cypher: String, _ parameters: [String: BoltValue]
    ) async throws -> FootprintTable {
        do throws(StoreError) {
            let result = try await client.run(cypher, parameters)
            return FootprintTable(
                store: store, kind: kind, query: cypher, columns: result.fields,
                rows: result.records.map { $0.map(\.text) })
        } catch {
            throw FootprintError(store: store, kind: kind, query: cypher, message: error.description, cause: error)
        }
    }
}

extension BoltValue {
    /// As a record's key or digest; nil for null and for what is no scalar.
    var text: String? {
        switch self {
        case .string(let value): value
        case .int(let value): String(value)
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        default: nil
        }
    }
}
