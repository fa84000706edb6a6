package import Consistency

/// Footprints in Qdrant: pages of points whose payload names one of the documents.
package struct QdrantFootprints: FootprintReader {
    package let store = Store.qdrant
    private let client: QdrantClient
    private let queries: FootprintQueries.PointsByKind
    private let embedding: Embedding?

    /// The vector that a text has in so many dimensions.
    package typealias Embedding = @Sendable (_ text: String, _ dimensions: Int) -> [Float]

    /// - Parameter embedding: nil where nobody can tell; then no vector is looked at.
    package init(
        client: QdrantClient, queries: FootprintQueries.PointsByKind = FootprintQueries.reference.qdrant,
        embedding: Embedding? = nil
    ) {
        self.client = client
        self.queries = queries
        self.embedding = embedding
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        var collector = FootprintCollector(documents)
        guard !documents.isEmpty else { return [] }
        for kind in Record.Kind.allCases {
            guard let query = queries[kind] else { continue }
            let points = try await points(kind, query, documents)
            let vectors = try await vectors(kind, query, points)
            for point in points {
                guard let document = point.payload[query.document]?.text else {
                    throw failure(kind, query, "point \(point.id) has no payload field `\(query.document)`")
                }
                guard let key = point.payload[query.key]?.text else {
                    throw failure(kind, query, "point \(point.id) has no payload field `\(query.key)`")
                }
                let digest = query.digest.flatMap { point.payload[$0]?.text }
                collector.add(Record(kind: kind, key: key, digest: digest, vector: vectors[point.id]), to: document)
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

    /// Which texts the vectors of some points are of, by the point's id.
    private func vectors(
        _ kind: Record.Kind, _ query: FootprintQueries.Points, _ points: [QdrantPoint]
    ) async throws -> [String: Record.Embedded] {
        guard kind == .chunk, let embedding, let field = query.text else { return [:] }
        let members = points.compactMap { point -> VectorSample.Member? in
            guard let document = point.payload[query.document]?.text, let key = point.payload[query.key]?.text,
                let text = point.payload[field]?.string
            else { return nil }
            return VectorSample.Member(id: point.id, document: document, key: key, text: text)
        }
        do throws(StoreError) {
            return try await VectorSample(members).look(in: query.collection, client: client, embedding: embedding)
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
