import Consistency
import Foundation
import Ingestion
import Stores

/// What one run puts into the real services, past the links, and takes away again.
struct RunData: Sendable {
    struct Uploaded: Sendable {
        var request: IngestionRequest
        /// SHA-256 of the bytes.
        var digest: String
    }

    /// Unique to the run; every id, key and the bucket begin with it.
    let token: String
    let bucket: String
    /// Of the worker.
    let temporaryFolder: String
    private let endpoints: Endpoints
    private let s3: S3Client
    private static let uploadsAtOnce = 8

    init(endpoints: Endpoints) {
        let drawn = String(UInt64.random(in: 0...UInt64.max), radix: 36)
        token = "run-\(drawn)"
        bucket = "faultline-\(token)"
        temporaryFolder = "\(NSTemporaryDirectory())faultline-\(token)"
        self.endpoints = endpoints
        s3 = S3Client(endpoint: endpoints.s3, http: HTTPClient())
    }

    func createBucket() async throws { try await s3.createBucket(bucket) }

    /// Makes documents and uploads them, each with the content type that belongs to it.
    /// - Parameter folder: keeps documents of one corpus from those of another.
    func upload(
        _ corpus: Corpus, documents: Int, formats: [DocumentFormat], sizes: ClosedRange<Int>, folder: String? = nil
    ) async throws -> [Uploaded] {
        let plan = corpus.plan(documents: documents, formats: formats, sizes: sizes)
        let prefix = folder.map { "\(token)/\($0)" } ?? token
        return try await Bounded.map(plan.count, atOnce: Self.uploadsAtOnce) { index in
            let (format, size) = plan[index]
            let document = corpus.document(index: index, format: format, size: size)
            let key = "\(prefix)/\(document.name)"
            try await s3.putObject(
                bucket: bucket, key: key, body: .bytes(document.bytes), contentType: document.contentType)
            return Uploaded(
                request: IngestionRequest(id: key, document: key, key: key), digest: SHA256.hex(document.bytes))
        }
    }

    /// Deletes all that the run made.
    /// - Returns: what could not be deleted, and why.
    func erase(documents: [String]) async -> [String] {
        var notes: [String] = []
        let eraser = FootprintEraser(endpoints: endpoints)
        do {
            try await eraser.erase(documents: documents)
        } catch {
            notes.append("the run's records could not be deleted (their ids begin with \(token)): \(error)")
        }
        do {
            try await eraser.erase(bucket: bucket, prefix: "")
            try await s3.deleteBucket(bucket)
        } catch let error where error.code == "NoSuchBucket" {
        } catch {
            notes.append("the run's bucket \(bucket) could not be deleted: \(error)")
        }
        try? FileManager.default.removeItem(atPath: temporaryFolder)
        return notes
    }
}
