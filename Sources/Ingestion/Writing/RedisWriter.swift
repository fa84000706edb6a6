package import Consistency
package import Stores

/// Writes documents to the Redis cache: two hashes a document, in one MULTI.
package struct RedisWriter: StoreWriter {
    /// A cache entry lives this long.
    package static let lifetime = Duration.seconds(3600)

    package let store = Store.redis
    private let client: RedisClient
    private let timeout: Duration

    /// - Parameter timeout: for the whole transaction.
    package init(client: RedisClient, timeout: Duration = .seconds(10)) {
        self.client = client
        self.timeout = timeout
    }

    /// Redis has no schema.
    package func prepare() async throws {}

    package func write(_ document: ProcessedDocument) async throws {
        let key = Self.documentKey(document.id)
        let chunksKey = Self.chunksKey(document.id)
        let seconds = String(Self.lifetime.components.seconds)
        var commands = [
            ["DEL", key, chunksKey],
            [
                "HSET", key, "digest", document.digest, "title", document.title, "chunk_count",
                String(document.chunks.count), "status", "ingested",
            ],
        ]
        for start in stride(from: 0, to: document.chunks.count, by: Self.batch) {
            let chunks = document.chunks[start..<min(start + Self.batch, document.chunks.count)]
            commands.append(["HSET", chunksKey] + chunks.flatMap { [String($0.ordinal), $0.digest] })
        }
        commands += [["EXPIRE", key, seconds], ["EXPIRE", chunksKey, seconds]]
        _ = try await client.transaction(commands, timeout: timeout)
    }

    package func stored(document: String) async throws -> ProcessedDocument? {
        let replies = try await client.pipeline(
            [["HGETALL", Self.documentKey(document)], ["HGETALL", Self.chunksKey(document)]], timeout: timeout)
        guard let head = replies[0].fields, let digests = replies[1].fields else {
            throw StoreError(
                service: "redis", operation: "HGETALL", outcome: .definite, isTransient: false,
                code: StoreError.Code.badAnswer, message: "the keys of \(document) are no hashes")
        }
        // Redis may evict one of the two keys; half an entry is none.
        if head.isEmpty { return nil }
        let chunks = digests.map { Chunk(ordinal: Int($0.key) ?? 0, text: "", digest: $0.value) }
        return ProcessedDocument(
            id: document, title: head["title"] ?? "", sourceKey: "", contentType: nil, digest: head["digest"] ?? "",
            chunks: chunks.sorted { $0.ordinal < $1.ordinal }, vectors: [], entities: [])
    }

    package func remove(document: String) async throws {
        _ = try await client.command(["DEL", Self.documentKey(document), Self.chunksKey(document)], timeout: timeout)
    }

    package static func documentKey(_ document: String) -> String { "document:\(document)" }
    package static func chunksKey(_ document: String) -> String { "document:\(document):chunks" }

    /// Fields of one HSET.
    private static let batch = 1000
}
