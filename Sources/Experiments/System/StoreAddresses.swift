package import Consistency
package import Stores

/// Where the stores are themselves, past the links: for reading, uploading and cleaning up. Forms as in `Endpoints`.
package struct StoreAddresses: Hashable, Sendable {
    package var postgres: String?
    package var neo4j: String?
    package var qdrant: String?
    package var redis: String?
    /// Documents are uploaded here.
    package var s3: String?

    package init(
        postgres: String? = nil, neo4j: String? = nil, qdrant: String? = nil, redis: String? = nil, s3: String? = nil
    ) {
        self.postgres = postgres
        self.neo4j = neo4j
        self.qdrant = qdrant
        self.redis = redis
        self.s3 = s3
    }

    package init(_ endpoints: Endpoints) {
        self.init(
            postgres: endpoints.postgres, neo4j: endpoints.neo4j, qdrant: endpoints.qdrant, redis: endpoints.redis,
            s3: endpoints.s3)
    }

    package subscript(store: Store) -> String? {
        switch store {
        case .postgres: postgres
        case .neo4j: neo4j
        case .qdrant: qdrant
        case .redis: redis
        }
    }
}
