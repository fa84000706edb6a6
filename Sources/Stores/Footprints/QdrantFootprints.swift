package import Consistency

/// Footprints in Qdrant: pages of points whose payload names one of the documents.
package struct QdrantFootprints: FootprintReader {
    package let store = Store.qdrant
    private let client: QdrantClient
    private let queries: FootprintQueries.PointsByKind

    package init(
        client: QdrantClient, queries: FootprintQueries.PointsByKind = FootprintQueries.reference.qdrant
    ) {
        self.client = client
        self.queries = queries
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        var collector = FootprintCollector(documents)
        guard !documents.isEmpty else { return [] }
        for kind in Record.Kind.allCases {
            guard let query = queries[kind] else { continue }
            for point in try await points(kind, query, documents) {
                guard let document = point.payload[query.document]?.text else {
                    throw failure(kind, query, "point \(point.id) has no payload field `\(query.document)`")
                }
                guard let key = point.payload[query.key]?.text else {
                    throw failure(kind, query, "point \(point.id) has no payload field `\(query.key)`")
                }
                let digest = query.digest.flatMap { point.payload[$0]?.text }
                collector.add(Record(kind: kind, key: key, digest: digest), to: document)
            }
        }
        return collector.footprints
    }

    /// A point is an orphan by what other stores say, so the checker computes them.
    package func orphans() async throws -> [Orphan] { [] }

    private func points(
        _ kind: Record.Kind, _ query: FootprintQueries.Points, _ documents: [String]
    ) async throws -> [QdrantPoint] {
        do throws(StoreError) {
            let filter = QdrantFilter.match(query.document, anyOf: documents)
            return try await client.scroll(query.collection, filter: filter)
        } catch {
            throw failure(kind, query, error.description, error)
        }
    }

    private func failure(
        _ kind: Record.Kind, _ query: FootprintQueries.Points, _ message: String, _ cause: StoreError? = nil
    ) -> FootprintError {
        FootprintError(
            store: store, kind: kind.rawValue,
            query: "scroll of collection `\(query.collection)` where `\(query.document)` matches any id",
            message: message, cause: cause)
    }
}

extension JSON {
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
