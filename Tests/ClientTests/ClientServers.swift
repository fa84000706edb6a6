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

    /// With the table, the bucket and the collection that the helpers work on.
    static let prepared = Task { () async throws -> ClientServers in
        let servers = try ClientServers()
        try await servers.postgres.execute(
            "DROP TABLE IF EXISTS \(table); CREATE TABLE \(table) (token text NOT NULL, number int NOT NULL)")
        for program in [ClientHelper.Program.boto3, .qdrant] {
            let service: Service = program == .boto3 ? .s3 : .qdrant
            let outcome = try await ClientHelper.of(program).call("prepare", ["address": .string(address(of: service))])
            try #require(outcome == .value(.null), "\(outcome)")
        }
        return servers
    }

    private init() throws {
        let endpoints = try NativeStack.current().endpoints
        let http = HTTPClient()
        postgres = PostgresClient(endpoint: endpoints.postgres)
        s3 = S3Client(endpoint: endpoints.s3, http: http)
        qdrant = QdrantClient(endpoint: endpoints.qdrant, http: http)
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
            default: ""
            }
        return String(try #require(endpoint.firstMatch(of: /127\.0\.0\.1:[0-9]+/)).output)
    }

    /// A name for what one operation writes: an object's key, a row's token, a point's id.
    static func token() -> String { UUID().uuidString.lowercased() }

    /// How many rows, objects or points of that name there are; `nil` for a service that keeps nothing.
    func count(_ token: String, in service: Service) async throws -> Int? {
        switch service {
        case .postgres:
            let answer = try await postgres.query("SELECT count(*) FROM \(Self.table) WHERE token = $1", [token])
            return answer.scalar.flatMap { Int($0) }
        case .s3: return try await s3.listObjects(bucket: Self.bucket, prefix: token).count
        case .qdrant: return try await qdrant.retrieve([token], from: Self.collection).count
        default: return nil
        }
    }

    /// Puts what an operation is to delete.
    func put(_ token: String, in service: Service) async throws {
        switch service {
        case .s3: try await s3.putObject(bucket: Self.bucket, key: token, body: .bytes(Array("it".utf8)))
        case .qdrant:
            try await qdrant.upsert(
                [QdrantPoint(id: token, vector: [1, 0, 0, 0], payload: [:])], into: Self.collection)
        default: Issue.record("nothing is deleted from \(service)")
        }
    }
}
