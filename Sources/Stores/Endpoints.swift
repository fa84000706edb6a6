/// Addresses of everything a worker talks to. The runner swaps upstreams for links' addresses in here.
package struct Endpoints: Hashable, Sendable, Codable {
    /// `postgresql://user:password@host:port/database`
    package var postgres: String
    /// `bolt://user:password@host:port/database`; the database is `neo4j` when the path is empty.
    package var neo4j: String
    /// `http://host:port`
    package var qdrant: String
    /// `redis://user:password@host:port/database number`
    package var redis: String
    /// `http://access-key:secret-key@host:port`; the keys are `test` when the address names none.
    package var s3: String
    /// `http://host:port/v1`
    package var openai: String
    /// `host:port`, where there is a Temporal server.
    package var temporal: String?
    /// `http://host:port` of Temporal's web UI, where there is one.
    package var temporalUI: String?

    package init(
        postgres: String, neo4j: String, qdrant: String, redis: String, s3: String, openai: String,
        temporal: String? = nil, temporalUI: String? = nil
    ) {
        self.postgres = postgres
        self.neo4j = neo4j
        self.qdrant = qdrant
        self.redis = redis
        self.s3 = s3
        self.openai = openai
        self.temporal = temporal
        self.temporalUI = temporalUI
    }
}
