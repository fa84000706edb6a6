package import Stores

/// What a worker is told when it starts.
package struct WorkerConfiguration: Hashable, Sendable, Codable {
    package var endpoints: Endpoints
    package var bucket: String
    package var region = "us-east-1"
    package var openAIKey = "test"
    package var qdrantKey: String?
    package var model = "text-embedding-3-small"
    /// Where temporary files go; made when missing.
    package var temporaryFolder = "/tmp/faultline-ingestion"
    /// Documents in work at once.
    package var concurrency = 10
    /// Connections to each of PostgreSQL, Neo4j and Redis.
    package var connections = 8
    /// Embedding requests of one document at once.
    package var embeddingConcurrency = 4
    /// For one call on the wire: a request, a statement, a query.
    package var callTimeout = Duration.seconds(5)
    /// For one request to the embeddings API, which takes its time.
    package var embeddingTimeout = Duration.seconds(8)
    package var policies = ActivityPolicies()
    /// Keys the random part of waits.
    package var seed: UInt64 = 0

    package init(endpoints: Endpoints, bucket: String) {
        self.endpoints = endpoints
        self.bucket = bucket
    }

    package var chunker: Chunker { Chunker() }
    package var entities: EntityExtractor { EntityExtractor() }
}
