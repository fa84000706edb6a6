package import Consistency
package import Stores

/// Writes documents to the Redis cache: two hashes a document, in one MULTI.
///
/// Before that a key says which content is on its way: while it stands, whoever reads the cache asks the other stores.
package struct RedisWriter: StoreWriter {
    /// A cache entry lives this long.
    package static let lifetime = Duration.seconds(3600)

    package let store = Store.redis
    private let client: RedisClient
    private let timeout: Duration
    private let isWhole: Bool
    private let marking: Marking

    /// What a mark that stands already means.
    package enum Marking: Hashable, Sendable {
        /// Nothing: it is set anew.
        case overwrites
        /// That somebody else writes this document, so that nothing is left to be done.
        case yields
    }

    /// - Parameters:
    ///   - timeout: for the whole transaction.
    ///   - isWhole: all in one MULTI; otherwise each command by itself, in one pipeline.
    package init(
        client: RedisClient, timeout: Duration = .seconds(10), isWhole: Bool = true, marking: Marking = .overwrites
    ) {
        self.client = client
        self.timeout = timeout
        self.isWhole = isWhole
        self.marking = marking
    }

    /// Redis has no schema.
    package func prepare() async throws {}

    package func write(_ document: ProcessedDocument) async throws {
        let key = Self.documentKey(document.id)
        let chunksKey = Self.chunksKey(document.id)
        let seconds = String(Self.lifetime.components.seconds)
        try WriteLease.check()
        guard try await mark(document) else { return }
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
        commands += [["EXPIRE", key, seconds], ["EXPIRE", chunksKey, seconds], ["DEL", Self.markKey(document.id)]]
        try WriteLease.check()
        if isWhole {
            _ = try await client.transaction(commands, timeout: timeout)
        } else {
            _ = try await client.pipeline(commands, timeout: timeout)
        }
    }

    /// - Returns: false when there is nothing left to be written.
    private func mark(_ document: ProcessedDocument) async throws -> Bool {
        let seconds = String(Self.markLifetime.components.seconds)
        let command = ["SET", Self.markKey(document.id), document.digest, "EX", seconds]
        switch marking {
        case .overwrites:
            _ = try await client.command(command, timeout: timeout)
            return true
        case .yields:
            return try await !client.command(command + ["NX"], timeout: timeout).isNull
        }
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
        try WriteLease.check()
        _ = try await client.command(
            [
                "DEL", Self.documentKey(document), Self.chunksKey(document), Self.markKey(document),
            ], timeout: timeout)
    }

    package static func documentKey(_ document: String) -> String { "document:\(document)" }
    package static func chunksKey(_ document: String) -> String { "document:\(document):chunks" }
    package static func markKey(_ document: String) -> String { "document:\(document):writing" }

    /// A mark whose worker died goes by itself.
    private static let markLifetime = Duration.seconds(60)

    /// Fields of one HSET.
    private static let batch = 1000
}
