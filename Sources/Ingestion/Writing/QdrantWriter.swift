package import Consistency
package import Stores

/// Writes documents to Qdrant: a point a chunk. Qdrant has no transactions; new points land before stale ones go,
/// and the ids make every request repeatable.
package struct QdrantWriter: StoreWriter {
    package static let collection = "chunks"
    package static let dimensions = 1536

    package let store = Store.qdrant
    private let client: QdrantClient
    private let timeout: Duration

    /// - Parameter timeout: for each request.
    package init(client: QdrantClient, timeout: Duration = .seconds(10)) {
        self.client = client
        self.timeout = timeout
    }

    package func prepare() async throws {
        guard try await !client.collectionExists(Self.collection, timeout: timeout) else { return }
        do {
            try await client.createCollection(Self.collection, dimensions: Self.dimensions, timeout: timeout)
        } catch let error {
            // Another worker was faster: 409, of older servers 400.
            guard try await client.collectionExists(Self.collection, timeout: timeout) else { throw error }
        }
    }

    package func write(_ document: ProcessedDocument) async throws {
        for start in stride(from: 0, to: document.chunks.count, by: Self.batch) {
            let end = min(start + Self.batch, document.chunks.count)
            let points = (start..<end).map { Self.point(of: document, at: $0) }
            try await client.upsert(points, into: Self.collection, timeout: timeout)
        }
        try await deleteStale(of: document)
    }

    package func remove(document: String) async throws {
        try await client.delete(
            where: .match("document_id", .string(document)), from: Self.collection, timeout: timeout)
    }

    /// The id of a chunk's point.
    package static func pointID(document: String, ordinal: Int) -> String {
        UUIDv5.string("\(document):\(ordinal)")
    }

    /// Points of a request: about 1 MB of JSON.
    private static let batch = 64

    private static func point(of document: ProcessedDocument, at index: Int) -> QdrantPoint {
        let chunk = document.chunks[index]
        return QdrantPoint(
            id: pointID(document: document.id, ordinal: chunk.ordinal), vector: document.vectors[index],
            payload: [
                "document_id": .string(document.id), "ordinal": .int(chunk.ordinal), "digest": .string(chunk.digest),
                "content": .string(chunk.text), "document_digest": .string(document.digest),
            ])
    }

    /// Points of a former version that had more chunks. Reading them all is only worth it when there are any.
    private func deleteStale(of document: ProcessedDocument) async throws {
        let own = QdrantFilter.match("document_id", .string(document.id))
        let count = try await client.count(Self.collection, filter: own, timeout: timeout)
        guard count != document.chunks.count else { return }
        let current = Set(document.chunks.map { Self.pointID(document: document.id, ordinal: $0.ordinal) })
        let found = try await client.scroll(Self.collection, filter: own, timeout: timeout)
        let stale = found.map(\.id).filter { !current.contains($0) }
        guard !stale.isEmpty else { return }
        try await client.delete(ids: stale, from: Self.collection, timeout: timeout)
    }
}
