import Foundation
import Proxy
import Stack
import Stores
import Synchronization
import Testing
import Wire

/// The stack's services as the tests see them past the links: what they hold before an operation, and after.
struct ClientServers: Sendable {
    static let table = "client_cells"
    static let bucket = "client-cells"
    static let collection = "client_cells"

    private let postgres: PostgresClient
    private let s3: S3Client
    private let qdrant: QdrantClient
    private let redis: RedisClient
    private let neo4j: BoltClient

    /// With the table, the bucket and the collection that the helpers work on.
    static let prepared = Task { () async throws -> ClientServers in
        let servers = try ClientServers()
        try await servers.postgres.execute(
            "DROP TABLE IF EXISTS \(table); CREATE TABLE \(table) (token text NOT NULL, number int NOT NULL)")
        for client in [Client.boto3, .qdrant] {
            let outcome = try await client.perform("prepare", at: address(of: client.service), token: "")
            try #require(outcome == .value(.null), "\(outcome)")
        }
        let old = "for _, key in ipairs(redis.call('KEYS', 'client-cells:*')) do redis.call('DEL', key) end"
        _ = try await servers.redis.command("EVAL", old, "0")
        _ = try await servers.redis.command("SET", key("standing"), "standing")
        _ = try await servers.neo4j.run("MATCH (c:ClientCell) DELETE c")
        return servers
    }

    private init() throws {
        let endpoints = try NativeStack.current().endpoints
        let http = HTTPClient()
        postgres = PostgresClient(endpoint: endpoints.postgres)
        s3 = S3Client(endpoint: endpoints.s3, http: http)
        qdrant = QdrantClient(endpoint: endpoints.qdrant, http: http)
        redis = RedisClient(endpoint: endpoints.redis)
        neo4j = BoltClient(endpoint: endpoints.neo4j)
    }

    /// `HOST:PORT` of a service.
    static func address(of service: Service) throws -> String {
        let endpoints = try NativeStack.current().endpoints
        let endpoint =
            switch service {
            case .postgres: endpoints.postgres
            case .s3: endpoints.s3
            case .openai: endpoints.openai
            case .qdrant: endpoints.qdrant
            case .redis: endpoints.redis
            case .neo4j: endpoints.neo4j
            case .temporal: ""
            }
        return String(try #require(endpoint.firstMatch(of: /127\.0\.0\.1:[0-9]+/)).output)
    }

    /// The user and the password that the graph asks for.
    static func neo4jCredentials() throws -> (user: String, password: String) {
        let endpoint = try NativeStack.current().endpoints.neo4j
        let parts = try #require(endpoint.firstMatch(of: #/bolt://([^:]*):([^@]*)@/#)).output
        return (String(parts.1), String(parts.2))
    }

    /// Where an operation of that name writes in Redis.
    static func key(_ token: String) -> String { "client-cells:\(token)" }

    /// A name for what one operation writes: an object's key, a row's token, a point's id.
    static func token() -> String { UUID().uuidString.lowercased() }

    /// How many rows, objects, points or nodes of that name there are, or what its key says: a number, or how long a list is.
    /// `nil` for a service that keeps nothing.
    func count(_ token: String, in service: Service) async throws -> Int? {
        switch service {
        case .postgres:
            let answer = try await postgres.query("SELECT count(*) FROM \(Self.table) WHERE token = $1", [token])
            return answer.scalar.flatMap { Int($0) }
        case .s3: return try await s3.listObjects(bucket: Self.bucket, prefix: token).count
        case .qdrant: return try await qdrant.retrieve([token], from: Self.collection).count
        case .redis:
            let key = Self.key(token)
            if try await redis.command("TYPE", key).string == "list" {
                return try await redis.command("LLEN", key).integer
            }
            return try await redis.command("GET", key).string.map { Int($0) } ?? 0
        case .neo4j:
            let found = try await neo4j.run(
                "MATCH (c:ClientCell {token: $token}) RETURN count(c) AS n", ["token": .string(token)])
            return found.records.first?.first?.int
        default: return nil
        }
    }

    /// Puts what an operation is to take away.
    func put(_ token: String, in service: Service) async throws {
        switch service {
        case .s3: try await s3.putObject(bucket: Self.bucket, key: token, body: .bytes(Array("it".utf8)))
        case .qdrant:
            try await qdrant.upsert(
                [QdrantPoint(id: token, vector: [1, 0, 0, 0], payload: [:])], into: Self.collection)
        case .redis: _ = try await redis.command("RPUSH", Self.key(token), "element")
        default: Issue.record("nothing is taken from \(service)")
        }
    }
}
