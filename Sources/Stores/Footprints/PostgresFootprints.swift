package import Consistency

/// Footprints in Postgres.
package struct PostgresFootprints: FootprintReader {
    package let store = Store.postgres

    package init(client: PostgresClient, queries: FootprintQueries.Queries = FootprintQueries.reference.postgres) {
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        fatalError("not yet")
    }

    package func orphans() async throws -> [Orphan] {
        fatalError("not yet")
    }
}
