package import Consistency

/// How the records of given documents are deleted again, store by store. A store without an entry keeps them.
package struct CleanUp: Hashable, Sendable {
    /// Points of a Qdrant collection whose payload field holds a document's id.
    package struct Points: Hashable, Sendable {
        package var collection: String
        package var document: String

        package init(collection: String, document: String) {
            self.collection = collection
            self.document = document
        }
    }

    /// SQL; `$1` is an array of the documents' ids.
    package var postgres: [String]
    /// Cypher; `$documents` is a list of the documents' ids.
    package var neo4j: [String]
    package var qdrant: [Points]
    /// Keys with `{document}` in them.
    package var redis: [String]

    package init(postgres: [String] = [], neo4j: [String] = [], qdrant: [Points] = [], redis: [String] = []) {
        self.postgres = postgres
        self.neo4j = neo4j
        self.qdrant = qdrant
        self.redis = redis
    }

    package func covers(_ store: Store) -> Bool {
        switch store {
        case .postgres: !postgres.isEmpty
        case .neo4j: !neo4j.isEmpty
        case .qdrant: !qdrant.isEmpty
        case .redis: !redis.isEmpty
        }
    }
}
