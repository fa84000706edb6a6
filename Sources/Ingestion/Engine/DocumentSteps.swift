import Consistency
import Synchronization

/// The steps of one document's saga against the real services. What they prepare is kept here, in memory, and is gone with the worker.
final class DocumentSteps: SagaSteps {
    private struct State {
        var contentType: String?
        var digest = ""
        var parsed: ParsedDocument?
        var chunks: [Chunk] = []
        var entities: [Entity] = []
        var batches: [Range<Int>] = []
        var isAnalysed = false
        var vectors: [Int: [[Float]]] = [:]
        var document: ProcessedDocument?
        var largest = 0
    }

    private let request: IngestionRequest
    private let activities: Activities
    private let snapshots: SnapshotFiles
    private let file: TemporaryFile
    private let state = Mutex(State())

    /// - Parameters:
    ///   - folder: of temporary files.
    ///   - owner: tells this worker's file from those of others that work on the same saga.
    init(
        _ request: IngestionRequest, activities: Activities, snapshots: SnapshotFiles, folder: String,
        owner: String? = nil
    ) {
        self.request = request
        self.activities = activities
        self.snapshots = snapshots
        file = TemporaryFile(in: folder, named: "download-\(SagaJournal.name(of: request.id))", owner: owner)
    }

    var chunks: Int { state.withLock { $0.largest } }

    private var saga: String { SagaJournal.name(of: request.id) }

    func perform(_ step: SagaStep) async throws -> SagaFacts {
        switch step {
        case .download: return try await download()
        case .parse:
            let parsed = try await activities.parse(file)
            state.withLock { $0.parsed = parsed }
        case .extractEntities: return try await analyse()
        case .embed(let batch):
            let inputs = state.withLock { state in state.chunks[state.batches[batch]].map(\.text) }
            let vectors = try await activities.embed(inputs)
            state.withLock { $0.vectors[batch] = vectors }
        case .snapshot(let store): return try await snapshot(store)
        case .write(let store): try await activities.write(document(), to: store)
        case .remove(let store): try await activities.remove(document: request.document, from: store)
        case .restore(let store): try await restore(store)
        case .cleanUp: file.removeAll()
        }
        return .nothing
    }

    /// What has to be prepared here, by this worker, before it can do a step; the first of it. Nil: nothing.
    func missing(before step: SagaStep) -> SagaStep? {
        state.withLock { state in
            let isDownloaded = !state.digest.isEmpty
            switch step {
            case .download, .snapshot, .remove, .restore, .cleanUp: return nil
            case .parse: return isDownloaded ? nil : .download
            case .extractEntities:
                if state.parsed == nil { return isDownloaded ? .parse : .download }
                return nil
            case .embed, .write:
                if !state.isAnalysed {
                    if state.parsed == nil { return isDownloaded ? .parse : .download }
                    return .extractEntities
                }
                guard case .write = step else { return nil }
                return state.batches.indices.first { state.vectors[$0] == nil }.map { .embed(batch: $0) }
            }
        }
    }

    private func download() async throws -> SagaFacts {
        try file.prepare()
        let downloaded = try await activities.download(request, to: file)
        state.withLock { state in
            state.contentType = downloaded.contentType
            state.digest = downloaded.digest
        }
        return .downloaded(digest: downloaded.digest)
    }

    private func analyse() async throws -> SagaFacts {
        guard let parsed = state.withLock({ $0.parsed }) else { preconditionFailure("analysed before it was parsed") }
        let (chunks, entities) = try await activities.analyse(parsed)
        let batches = EmbeddingBatches().batches(sizes: chunks.map(\.text.utf8.count))
        state.withLock { state in
            state.chunks = chunks
            state.entities = entities
            state.batches = batches
            state.isAnalysed = true
            state.largest = max(state.largest, chunks.count)
        }
        return .analysed(chunks: chunks.count, entities: entities.count, batches: batches.count)
    }

    private func document() -> ProcessedDocument {
        state.withLock { state in
            if let document = state.document { return document }
            let name = request.key.split(separator: "/").last.map(String.init) ?? request.document
            let document = ProcessedDocument(
                id: request.document, title: state.parsed?.title ?? name, sourceKey: request.key,
                contentType: state.contentType, digest: state.digest, chunks: state.chunks,
                vectors: state.batches.indices.flatMap { state.vectors[$0] ?? [] }, entities: state.entities)
            state.document = document
            return document
        }
    }

    private func snapshot(_ store: Store) async throws -> SagaFacts {
        let former = try await activities.stored(document: request.document, in: store)
        let count = former?.chunks.count ?? 0
        state.withLock { $0.largest = max($0.largest, count) }
        let (snapshots, saga) = (snapshots, saga)
        try await Disk.run { try snapshots.save(former, saga: saga, store: store) }
        return .stood(digest: former?.digest, chunks: count)
    }

    private func restore(_ store: Store) async throws {
        let (snapshots, saga) = (snapshots, saga)
        let former = try await Disk.run { try snapshots.load(saga: saga, store: store) }
        state.withLock { $0.largest = max($0.largest, former?.chunks.count ?? 0) }
        try await activities.restore(former, document: request.document, in: store)
    }
}
