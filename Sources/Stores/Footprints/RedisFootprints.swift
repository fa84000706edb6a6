package import Consistency

/// Footprints in Redis.
package struct RedisFootprints: FootprintReader {
    package let store = Store.redis

    package init(client: RedisClient, queries: FootprintQueries.KeysByKind = FootprintQueries.reference.redis) {
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        fatalError("not yet")
    }

    package func orphans() async throws -> [Orphan] {
        fatalError("not yet")
    }
}
