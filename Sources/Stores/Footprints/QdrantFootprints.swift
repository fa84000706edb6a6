package import Consistency

/// Footprints in Qdrant.
package struct QdrantFootprints: FootprintReader {
    package let store = Store.qdrant

    package init(client: QdrantClient, queries: FootprintQueries.PointsByKind = FootprintQueries.reference.qdrant) {
    }

    package func footprints(of documents: [String]) async throws -> [Footprint] {
        fatalError("not yet")
    }

    package func orphans() async throws -> [Orphan] {
        fatalError("not yet")
    }
}
