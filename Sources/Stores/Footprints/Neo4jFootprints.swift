package import Consistency

/// Footprints in Neo4j.
package struct Neo4jFootprints: FootprintReader {
    package let store = Store.neo4j

    package init(client: BoltClient, queries: FootprintQueries.Queries = FootprintQueries.reference.neo4j) {
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        fatalError("not yet")
    }

    package func orphans() async throws -> [Orphan] {
        fatalError("not yet")
    }
}
