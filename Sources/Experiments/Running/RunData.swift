import Consistency
import Foundation
import Ingestion
import Stack
import Stores

/// What one run puts into the real services, past the links, and takes away again.
struct RunData: Sendable {
    /// Unique to the run; every id, key and the bucket begin with it.
    let token: String
    let bucket: String
    /// All that the run keeps on this machine for its time.
    let folder: String
    private let system: System
    private let s3: S3Client?
    private static let uploadsAtOnce = 8

    init(_ system: System, token: String? = nil) {
        let token = token ?? "run-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        self.token = token
        bucket = system.bucket ?? "faultline-\(token)"
        folder = "\(NSTemporaryDirectory())faultline-\(token)"
        self.system = system
        s3 = system.stores.s3.map { S3Client(endpoint: $0, http: HTTPClient()) }
    }

    /// Of the worker's temporary files: nothing may be left in it.
    var temporaryFolder: String { folder + "/tmp" }
    /// Of the worker's journal.
    var journalFolder: String { folder + "/journal" }

    func createBucket() async throws {
        if system.bucket == nil { try await s3?.createBucket(bucket) }
        try FileManager.default.createDirectory(atPath: temporaryFolder, withIntermediateDirectories: true)
    }

    /// The id that a document is submitted under.
    func document(_ content: WorkloadPlan.Content) -> String { "\(token)/\(content.name)" }

    /// Where one version of a document lies.
    func key(_ content: WorkloadPlan.Content) -> String {
        content.revision == 0 ? document(content) : "\(token)/revision-\(content.revision)/\(content.name)"
    }

    /// Makes documents and uploads them, each with the content type that belongs to it.
    /// - Returns: SHA-256 of the bytes of each.
    func upload(_ contents: [WorkloadPlan.Content], seed: UInt64) async throws -> [WorkloadPlan.Content: String] {
        let corpus = Corpus(seed: seed)
        let digests = try await Bounded.map(contents.count, atOnce: Self.uploadsAtOnce) { index in
            let content = contents[index]
            let document = corpus.document(
                index: content.index, format: content.format, size: content.size, revision: content.revision)
            try await s3?.putObject(
                bucket: bucket, key: key(content), body: .bytes(document.bytes), contentType: document.contentType)
            return SHA256.hex(document.bytes)
        }
        return Dictionary(uniqueKeysWithValues: zip(contents, digests))
    }

    /// - Parameter number: tells submissions of one document apart.
    func order(
        _ kind: Submission.Kind, _ content: WorkloadPlan.Content, number: Int,
        digests: [WorkloadPlan.Content: String]
    ) -> WorkloadDriver.Order {
        let task = PipelineTask(
            submission: "\(token)/\(number)", kind: kind, document: document(content),
            key: kind == .delete ? "" : key(content), bucket: bucket, run: token)
        return WorkloadDriver.Order(task: task, digest: kind == .delete ? nil : digests[content])
    }

    /// What somebody who finds this run dead must know.
    func note(documents: [String]) -> Leftovers.Note? {
        ProcessIdentity.of(getpid()).map { owner in
            Leftovers.Note(
                token: token, system: system.file, bucket: bucket, temporaryFolder: folder, documents: documents,
                owner: owner,
                boot: ProcessIdentity.boot)
        }
    }

    /// Deletes all that the run made.
    /// - Parameter documents: their ids in the stores.
    func erase(documents: [String]) async -> Erasure {
        var erasure = await SystemEraser(system: system).erase(documents: documents)
        do {
            try await eraseObjects()
        } catch {
            erasure.failures.append("the run's objects in the bucket \(bucket) could not be deleted: \(error)")
        }
        try? FileManager.default.removeItem(atPath: folder)
        return erasure
    }

    private func eraseObjects() async throws(StoreError) {
        guard let s3 else { return }
        do throws(StoreError) {
            let keys = try await s3.listObjects(bucket: bucket, prefix: "\(token)/").map(\.key)
            try await s3.deleteObjects(bucket: bucket, keys: keys)
            if system.bucket == nil { try await s3.deleteBucket(bucket) }
        } catch {
            guard error.code == "NoSuchBucket" else { throw error }
        }
    }
}
