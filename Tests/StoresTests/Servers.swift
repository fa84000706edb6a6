import Stack
import Stores
import Testing

/// The real servers that these tests talk to, and clients of them.
struct Servers {
    let endpoints: Endpoints
    let postgres: PostgresClient
    let neo4j: BoltClient
    let redis: RedisClient
    let http = HTTPClient()
    let qdrant: QdrantClient
    let s3: S3Client

    init() throws {
        endpoints = try NativeStack.current().endpoints
        postgres = PostgresClient(endpoint: endpoints.postgres)
        neo4j = BoltClient(endpoint: endpoints.neo4j)
        redis = RedisClient(endpoint: endpoints.redis)
        qdrant = QdrantClient(endpoint: endpoints.qdrant, http: http)
        s3 = S3Client(endpoint: endpoints.s3, http: http)
    }

    /// A name that no other test uses.
    static func unique(_ prefix: String) -> String {
        "\(prefix)_" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    /// An address with another port in place of its own.
    static func through(_ relay: Relay, _ endpoint: String) -> String {
        endpoint.replacing(/127\.0\.0\.1:[0-9]+/, with: "127.0.0.1:\(relay.port)")
    }

    static func port(of endpoint: String) throws -> Int {
        let match = try #require(endpoint.firstMatch(of: /127\.0\.0\.1:([0-9]+)/))
        return try #require(Int(match.1))
    }
}

/// The error of a call that must fail.
func failure(of call: () async throws -> Void) async throws -> StoreError {
    do {
        try await call()
    } catch let error as StoreError {
        return error
    }
    Issue.record("the call succeeded")
    throw CancellationError()
}
