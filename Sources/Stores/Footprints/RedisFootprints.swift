package import Consistency

/// Footprints in Redis: one key a document and kind, read in pipelines.
package struct RedisFootprints: FootprintReader {
    package let store = Store.redis
    private static let keysPerPipeline = 500
    private let client: RedisClient
    private let queries: FootprintQueries.KeysByKind

    package init(client: RedisClient, queries: FootprintQueries.KeysByKind = FootprintQueries.reference.redis) {
        self.client = client
        self.queries = queries
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        var collector = FootprintCollector(documents)
        // A document asked for twice is read once.
        var seen: Set<String> = []
        let distinct = documents.filter { seen.insert($0).inserted }
        for kind in Record.Kind.allCases {
            guard let query = queries[kind] else { continue }
            for start in stride(from: 0, to: distinct.count, by: Self.keysPerPipeline) {
                let batch = distinct[start..<min(start + Self.keysPerPipeline, distinct.count)]
                for (document, reply) in zip(batch, try await read(kind, query, batch)) {
                    for record in try records(kind, query, document, reply) { collector.add(record, to: document) }
                }
            }
        }
        return collector.footprints
    }

    /// A key is an orphan by what other stores say, so the checker computes them.
    package func orphans() async throws -> [Orphan] { [] }

    private func read(
        _ kind: Record.Kind, _ query: FootprintQueries.Keys, _ documents: ArraySlice<String>
    ) async throws -> [RedisReply] {
        let commands = documents.map { document in
            let key = query.key.replacing("{document}", with: document)
            return switch query.type {
            case .hash: ["HGETALL", key]
            case .set: ["SMEMBERS", key]
            case .list: ["LRANGE", key, "0", "-1"]
            case .string: ["GET", key]
            }
        }
        do throws(StoreError) {
            return try await client.pipeline(commands)
        } catch {
            throw failure(kind, query, error.description, error)
        }
    }

    private func records(
        _ kind: Record.Kind, _ query: FootprintQueries.Keys, _ document: String, _ reply: RedisReply
    ) throws -> [Record] {
        switch query.type {
        case .hash:
            guard let fields = reply.fields else { throw failure(kind, query, "not a hash: \(reply)") }
            if fields.isEmpty { return [] }
            if query.identity == nil, query.digest == nil {
                return fields.sorted { $0.key < $1.key }.map { Record(kind: kind, key: $0.key, digest: $0.value) }
            }
            let key = query.identity.map { fields[$0] } ?? document
            guard let key else { throw failure(kind, query, "document \(document): no field `\(query.identity!)`") }
            return [Record(kind: kind, key: key, digest: query.digest.flatMap { fields[$0] })]
        case .set, .list:
            guard let members = reply.array else { throw failure(kind, query, "not a \(query.type): \(reply)") }
            return members.compactMap(\.string).map { Record(kind: kind, key: $0) }
        case .string:
            return reply.isNull ? [] : [Record(kind: kind, key: document)]
        }
    }

    private func failure(
        _ kind: Record.Kind, _ query: FootprintQueries.Keys, _ message: String, _ cause: StoreError? = nil
    ) -> FootprintError {
        FootprintError(
            store: store, kind: kind.rawValue, query: "\(query.type.rawValue) at key \(query.key)", message: message,
            cause: cause)
    }
}
