import Consistency
package import Stores
import Synchronization

/// The reference worker on its straight path: download, parse, analyse, embed, write all four stores at once.
/// It undoes nothing; a document whose writes fail half-way stays half-written, and its result says where.
package struct IngestionWorker: Sendable {
    private let configuration: WorkerConfiguration
    private let activities: Activities
    private let runner: ActivityRunner

    /// - Parameter http: shared with other workers of the process, or else one of its own.
    package init(
        configuration: WorkerConfiguration, journal: SagaJournal, defects: Set<Defect> = [],
        clock: any Clock<Duration> = ContinuousClock(), http: HTTPClient? = nil
    ) {
        self.configuration = configuration
        activities = Activities(configuration: configuration, defects: defects, http: http)
        runner = ActivityRunner(policies: configuration.policies, clock: clock, seed: configuration.seed)
    }

    /// Does what is asked. Never throws: what went wrong is in the result. The same id again gives the same result, or
    /// joins the saga that runs.
    @concurrent
    package func perform(_ request: IngestionRequest) async -> IngestionResult {
        switch request.kind {
        case .ingest: await ingest(request)
        case .delete: await delete(request)
        }
    }

    /// Ends what the journal has unfinished, forward where that still can be, else back.
    package func resume() async -> [IngestionResult] { [] }

    /// Asks a saga that runs to undo what it did.
    package func cancel(_ id: String) async {}

    /// Performs many, at most `concurrency` of them at once; results in the order of the requests.
    package func perform(_ requests: [IngestionRequest]) async -> [IngestionResult] {
        await Self.bounded(requests.count, by: configuration.concurrency) { await perform(requests[$0]) }
    }

    private func ingest(_ request: IngestionRequest) async -> IngestionResult {
        let log = AttemptLog()
        var result = IngestionResult(request, outcome: .succeeded)
        do {
            let document = try await prepare(request, log: log)
            result.digest = document.digest
            result.chunks = document.chunks.count
            result.entities = document.entities.count
            let failures = await onEveryStore(of: request.document, Activity.write, log: log) { store in
                try await activities.write(document, to: store)
            }
            result.written = Set(Store.allCases).subtracting(failures.keys)
            result.outcome = Self.outcome(of: failures, log: log)
        } catch {
            result.outcome = .rolledBack([error as? AttemptFailure ?? AttemptFailure(error, in: .download)])
        }
        return Self.completed(result, by: log)
    }

    /// Deletes a document from all four stores.
    private func delete(_ request: IngestionRequest) async -> IngestionResult {
        let document = request.document
        let log = AttemptLog()
        var result = IngestionResult(request, outcome: .succeeded)
        let failures = await onEveryStore(of: document, Activity.remove, log: log) { store in
            try await activities.remove(document: document, from: store)
        }
        result.outcome = Self.outcome(of: failures, log: log)
        return Self.completed(result, by: log)
    }

    /// Everything before the first write: a failure in here leaves nothing behind.
    private func prepare(_ request: IngestionRequest, log: AttemptLog) async throws -> ProcessedDocument {
        let id = request.document
        let (downloaded, parsed) = try await download(request, log: log)
        let (chunks, entities) = try await runner.run(.extractEntities, document: id, log: log) {
            try await activities.analyse(parsed)
        }
        let vectors = try await embed(chunks, of: id, log: log)
        let name = request.key.split(separator: "/").last.map(String.init) ?? id
        return ProcessedDocument(
            id: id, title: parsed.title ?? name, sourceKey: request.key, contentType: downloaded.contentType,
            digest: downloaded.digest, chunks: chunks, vectors: vectors, entities: entities)
    }

    /// Each try of the download has a file of its own, gone when it fails; the one that succeeds lives until it is parsed.
    private func download(
        _ request: IngestionRequest, log: AttemptLog
    ) async throws -> (Activities.Downloaded, ParsedDocument) {
        try await TemporaryFile.with(in: configuration.temporaryFolder) { file in
            let downloaded = try await runner.run(.download, document: request.document, log: log) {
                try await activities.download(request, to: file)
            }
            let parsed = try await runner.run(.parse, document: request.document, log: log) {
                try await activities.parse(file)
            }
            return (downloaded, parsed)
        }
    }

    private func embed(_ chunks: [Chunk], of document: String, log: AttemptLog) async throws -> [[Float]] {
        let batches = EmbeddingBatches().batches(sizes: chunks.map(\.text.utf8.count))
        // After one batch has failed for good the others would be asked in vain. Batches begin in order, so the first
        // answer that is no success is a real one.
        let hasFailed = Atomic(false)
        let answers = await Self.bounded(batches.count, by: configuration.embeddingConcurrency) { index in
            await Result.catching {
                guard !hasFailed.load(ordering: .acquiring) else { throw CancellationError() }
                do {
                    return try await runner.run(.embed, document: "\(document)/\(index)", log: log) {
                        try await activities.embed(chunks[batches[index]].map(\.text))
                    }
                } catch {
                    hasFailed.store(true, ordering: .releasing)
                    throw error
                }
            }
        }
        return try answers.flatMap { try $0.get() }
    }

    /// One activity a store, all at once. A failure does not stop the others: their outcome would be unknown then.
    private func onEveryStore(
        of document: String, _ activity: @escaping @Sendable (Store) -> Activity, log: AttemptLog,
        _ work: @escaping @Sendable (Store) async throws -> Void
    ) async -> [Store: AttemptFailure] {
        await withTaskGroup(of: (Store, AttemptFailure?).self) { group in
            for store in Store.allCases {
                group.addTask {
                    do {
                        try await runner.run(activity(store), document: document, log: log) { try await work(store) }
                        return (store, nil)
                    } catch {
                        return (store, error as? AttemptFailure ?? AttemptFailure(error, in: activity(store)))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Unknown as soon as any try at a store that failed in the end may have landed.
    private static func outcome(of failures: [Store: AttemptFailure], log: AttemptLog) -> IngestionResult.Outcome {
        let last = failures.sorted { $0.key < $1.key }.map(\.value)
        guard !last.isEmpty else { return .succeeded }
        let failed = Set(last.map(\.activity))
        let isUnknown = log.failures.contains { $0.mayHaveLanded && failed.contains($0.activity) }
        return isUnknown ? .unknown(last) : .rolledBack(last)
    }

    private static func completed(_ result: IngestionResult, by log: AttemptLog) -> IngestionResult {
        var result = result
        result.attempts = Dictionary(uniqueKeysWithValues: log.attempts.map { ($0.key.name, $0.value) })
        result.failures = log.failures
        return result
    }

    /// Runs `work` for 0..<count, at most `limit` at once; answers in order.
    private static func bounded<Value: Sendable>(
        _ count: Int, by limit: Int, _ work: @escaping @Sendable (Int) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (Int, Value).self) { group in
            var values = [Value?](repeating: nil, count: count)
            var next = 0
            while next < min(limit, count) {
                let index = next
                group.addTask { (index, await work(index)) }
                next += 1
            }
            while let (index, value) = await group.next() {
                values[index] = value
                guard next < count else { continue }
                let following = next
                group.addTask { (following, await work(following)) }
                next += 1
            }
            return values.compactMap { $0 }
        }
    }
}

extension Result where Failure == any Error {
    /// The async form of `init(catching:)`.
    static func catching(_ work: () async throws -> Success) async -> Self {
        do { return .success(try await work()) } catch { return .failure(error) }
    }
}
