import Consistency
import Foundation
import Ingestion
import Stack
import Stores

/// The native stack with a bucket and a temporary folder of this test's own. Documents have ids that no other test has.
struct Workplace: Sendable {
    let endpoints: Endpoints
    let bucket: String
    let folder: String
    let s3: S3Client

    var configuration: WorkerConfiguration {
        var configuration = WorkerConfiguration(endpoints: endpoints, bucket: bucket)
        configuration.temporaryFolder = folder
        return configuration
    }

    func worker(_ configuration: WorkerConfiguration? = nil, defects: Set<Defect> = []) -> IngestionWorker {
        IngestionWorker(
            configuration: configuration ?? self.configuration, journal: SagaJournal(folder: "\(folder)-journal"),
            defects: defects)
    }

    /// Calls `body`, and removes what it left in the bucket, in the stores and on the disk.
    static func with(_ body: (Workplace) async throws -> Void) async throws {
        let endpoints = try NativeStack.current().endpoints
        let bucket = "ingestion-\(UUID().uuidString.lowercased())"
        let place = Workplace(
            endpoints: endpoints, bucket: bucket, folder: "\(NSTemporaryDirectory())\(bucket)",
            s3: S3Client(endpoint: endpoints.s3, http: HTTPClient()))
        try await place.s3.createBucket(bucket)
        do {
            try await body(place)
            try await place.clean()
        } catch {
            try? await place.clean()
            throw error
        }
    }

    /// Uploads a document and says how to ask for its ingestion. The id stays the same for other revisions.
    /// - Parameter contentType: without one, S3 answers a generic type or none.
    func upload(_ document: CorpusDocument, contentType: String?) async throws -> IngestionRequest {
        let id = "\(bucket)/\(document.name)"
        try await s3.putObject(bucket: bucket, key: id, body: .bytes(document.bytes), contentType: contentType)
        return IngestionRequest(id: UUID().uuidString, document: id, key: id)
    }

    func upload(_ document: CorpusDocument) async throws -> IngestionRequest {
        try await upload(document, contentType: document.contentType)
    }

    /// What the four stores hold of these documents.
    func footprints(of documents: [String]) async throws -> [Store: [Footprint]] {
        let http = HTTPClient()
        let readers: [any FootprintReader] = [
            PostgresFootprints(client: PostgresClient(endpoint: endpoints.postgres, connections: 1)),
            Neo4jFootprints(client: BoltClient(endpoint: endpoints.neo4j, connections: 1)),
            QdrantFootprints(client: QdrantClient(endpoint: endpoints.qdrant, http: http)),
            RedisFootprints(client: RedisClient(endpoint: endpoints.redis, connections: 1)),
        ]
        var found: [Store: [Footprint]] = [:]
        for reader in readers { found[reader.store] = try await reader.footprints(of: documents) }
        return found
    }

    private func clean() async throws {
        let keys = try await s3.listObjects(bucket: bucket).map(\.key)
        try await s3.deleteObjects(bucket: bucket, keys: keys)
        try await s3.deleteBucket(bucket)
        try await FootprintEraser(endpoints: endpoints).erase(documents: keys)
        try? FileManager.default.removeItem(atPath: folder)
        try? FileManager.default.removeItem(atPath: "\(folder)-journal")
    }
}
