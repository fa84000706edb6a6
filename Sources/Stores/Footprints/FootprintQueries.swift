package import Consistency

/// How to find what a document left in each store, in each store's own language, so that any schema can be read.
package struct FootprintQueries: Hashable, Sendable, Codable {
    /// Queries in SQL or Cypher. Each gets the ids of documents (`$1`, an array; in Cypher `$documents`) and gives the
    /// columns `document`, `key` and, where the store keeps one, `digest`. `document` may give `chunks` too: how many chunks
    /// the document's record says that there are. `orphans` has no parameter and gives `kind` too.
    package struct Queries: Hashable, Sendable, Codable {
        package var document: String?
        package var chunk: String?
        package var entity: String?
        package var orphans: String?

        package init(
            document: String? = nil, chunk: String? = nil, entity: String? = nil, orphans: String? = nil
        ) {
            self.document = document
            self.chunk = chunk
            self.entity = entity
            self.orphans = orphans
        }

        package subscript(kind: Record.Kind) -> String? {
            switch kind {
            case .document: document
            case .chunk: chunk
            case .entity: entity
            }
        }
    }

    /// Payload fields of the points of one Qdrant collection.
    package struct Points: Hashable, Sendable, Codable {
        package var collection: String
        /// The field that holds the document's id.
        package var document: String
        /// The field that holds the record's key.
        package var key: String
        package var digest: String?
        /// The field that holds the text of which the point's vector is the embedding.
        package var text: String?

        package init(
            collection: String, document: String, key: String, digest: String? = nil, text: String? = nil
        ) {
            self.collection = collection
            self.document = document
            self.key = key
            self.digest = digest
            self.text = text
        }
    }

    /// The Redis key in which a document's records of one kind are.
    package struct Keys: Hashable, Sendable, Codable {
        /// How the records lie in the key.
        package enum Layout: String, Hashable, Sendable, Codable, CaseIterable {
            /// With `digest` (or `identity`): the whole hash is one record, and these are its fields.
            /// With neither: each field is a record, its name the key and its value the digest.
            case hash
            /// Each member is a record.
            case set, list
            /// The whole string is one record.
            case string
        }

        /// A pattern with `{document}` in it.
        package var key: String
        package var type: Layout
        /// The field that holds the record's key; absent, the record's key is the document's id.
        package var identity: String?
        /// The field that holds the digest.
        package var digest: String?

        package init(key: String, type: Layout, identity: String? = nil, digest: String? = nil) {
            self.key = key
            self.type = type
            self.identity = identity
            self.digest = digest
        }
    }

    package struct PointsByKind: Hashable, Sendable, Codable {
        package var document: Points?
        package var chunk: Points?
        package var entity: Points?

        package init(document: Points? = nil, chunk: Points? = nil, entity: Points? = nil) {
            self.document = document
            self.chunk = chunk
            self.entity = entity
        }

        package subscript(kind: Record.Kind) -> Points? {
            switch kind {
            case .document: document
            case .chunk: chunk
            case .entity: entity
            }
        }
    }

    package struct KeysByKind: Hashable, Sendable, Codable {
        package var document: Keys?
        package var chunk: Keys?
        package var entity: Keys?

        package init(document: Keys? = nil, chunk: Keys? = nil, entity: Keys? = nil) {
            self.document = document
            self.chunk = chunk
            self.entity = entity
        }

        package subscript(kind: Record.Kind) -> Keys? {
            switch kind {
            case .document: document
            case .chunk: chunk
            case .entity: entity
            }
        }
    }

    package var postgres: Queries
    package var neo4j: Queries
    package var qdrant: PointsByKind
    package var redis: KeysByKind

    package init(postgres: Queries, neo4j: Queries, qdrant: PointsByKind, redis: KeysByKind) {
        self.postgres = postgres
        self.neo4j = neo4j
        self.qdrant = qdrant
        self.redis = redis
    }
}
