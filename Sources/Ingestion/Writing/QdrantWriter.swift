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

    private let removesStale: Bool
    private let pointIDs: WorkerBehaviour.PointIDs
    private let tries = WriteTries()

    /// - Parameters:
    ///   - timeout: for each request.
    ///   - removesStale: removes what a longer former version left.
    package init(
        client: QdrantClient, timeout: Duration = .seconds(10), removesStale: Bool = true,
        pointIDs: WorkerBehaviour.PointIDs = .derived
    ) {
        self.client = client
        self.timeout = timeout
        self.removesStale = removesStale
        self.pointIDs = pointIDs
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
        let salt = pointIDs == .perTry ? tries.next(document) : ""
        // Without a vector there is no point; only a defect lets one go missing.
        let indices = document.chunks.indices.filter { !document.vectors[$0].isEmpty }
        for start in stride(from: 0, to: indices.count, by: Self.batch) {
            let batch = indices[start..<min(start + Self.batch, indices.count)]
            let points = batch.map { point(of: document, at: $0, salt: salt) }
            try WriteLease.check()
            try await client.upsert(points, into: Self.collection, timeout: timeout)
        }
        guard removesStale else { return }
        try WriteLease.check()
        switch pointIDs {
        case .derived: try await deleteStale(of: document)
        case .random, .perTry: try await deleteFormer(of: document)
        }
    }

    package func stored(document: String) async throws -> ProcessedDocument? {
        let own = QdrantFilter.match("document_id", .string(document))
        let found = try await client.scroll(
            Self.collection, filter: own, withVectors: true, pageSize: Self.page, timeout: timeout)
        let points = found.sorted { ($0.payload["ordinal"]?.int ?? 0) < ($1.payload["ordinal"]?.int ?? 0) }
        guard let first = points.first else { return nil }
        return ProcessedDocument(
            id: document, title: "", sourceKey: "", contentType: nil,
            digest: first.payload["document_digest"]?.string ?? "",
            chunks: points.map { point in
                Chunk(
                    ordinal: point.payload["ordinal"]?.int ?? 0, text: point.payload["content"]?.string ?? "",
                    digest: point.payload["digest"]?.string ?? "")
            },
            vectors: points.map(\.vector), entities: [])
    }

    package func remove(document: String) async throws {
        try WriteLease.check()
        try await client.delete(
            where: .match("document_id", .string(document)), from: Self.collection, timeout: timeout)
    }

    /// The id of a chunk's point.
    package static func pointID(document: String, ordinal: Int) -> String {
        UUIDv5.string("\(document):\(ordinal)")
    }

    /// Points of a request: about 1 MB of JSON.
    private static let batch = 64

    /// Points of an answer with vectors: about 4 MB of JSON.
    private static let page = 200

    private func point(of document: ProcessedDocument, at index: Int, salt: String) -> QdrantPoint {
        let chunk = document.chunks[index]
        let id =
            switch pointIDs {
            case .derived, .perTry: Self.pointID(document: document.id + salt, ordinal: chunk.ordinal)
            case .random: UUIDv5.string("\(UInt64.random(in: 0...UInt64.max))")
            }
        return QdrantPoint(
            id: id, vector: document.vectors[index],
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

    /// Points of other content: all that can be told where ids are random.
    private func deleteFormer(of document: ProcessedDocument) async throws {
        let own = QdrantFilter.match("document_id", .string(document.id))
        let found = try await client.scroll(Self.collection, filter: own, timeout: timeout)
        let former = found.filter { $0.payload["document_digest"]?.string != document.digest }.map(\.id)
        try await client.delete(ids: former, from: Self.collection, timeout: timeout)
    }
}
