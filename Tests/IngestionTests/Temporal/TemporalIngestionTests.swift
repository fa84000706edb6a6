import Consistency
import Foundation
import Ingestion
import Stores
import Temporal
import Testing

/// The reference worker on the native stack's Temporal, against the real stores.
@Suite(.serialized)
struct TemporalIngestionTests {
    private struct Bench {
        let place: Workplace
        let address: TemporalAddress
        let ingestion: TemporalIngestion
        let client: TemporalClient
        let taskQueue: String

        init(_ place: Workplace) throws {
            self.place = place
            let text = try #require(place.endpoints.temporal)
            address = try #require(TemporalAddress(text))
            client = try TemporalClient(address)
            ingestion = TemporalIngestion(client: client)
            taskQueue = "ingestion-\(UUID().uuidString)"
        }

        func withWorker<Value: Sendable>(
            _ configuration: WorkerConfiguration? = nil, _ body: () async throws -> Value
        ) async throws -> Value {
            let own = try TemporalClient(address)
            let worker = TemporalIngestionWorker(
                configuration: configuration ?? place.configuration, client: own, taskQueue: taskQueue,
                folder: "\(place.folder)-journal")
            worker.start()
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            await worker.stop()
            own.abort()
            return try outcome.get()
        }

        func perform(_ request: IngestionRequest) async throws -> IngestionResult {
            let run = try await ingestion.start(request, taskQueue: taskQueue)
            return try await ingestion.result(of: run, request)
        }
    }

    private func records(_ place: Workplace, of document: String) async throws -> [Store: Int] {
        try await place.footprints(of: [document]).mapValues { $0.first?.records.count ?? 0 }
    }

    @Test func aDocumentIsIngestedReplacedAndDeleted() async throws {
        try await Workplace.with { place in
            let bench = try Bench(place)
            try await bench.withWorker {
                let corpus = Corpus(seed: 71)
                let first = try await place.upload(corpus.document(index: 0, format: .md, size: 4_000))
                let result = try await bench.perform(first)
                #expect(result.succeeded, "\(result)")
                #expect(result.attempts["write-neo4j"] ?? 0 >= 1)
                #expect(try await records(place, of: first.document).allSatisfy { $0.value > 0 })
                // The same submission again is the same workflow.
                #expect(try await bench.perform(first) == result)
                let deletion = IngestionRequest(id: UUID().uuidString, kind: .delete, document: first.document)
                #expect(try await bench.perform(deletion).succeeded)
                #expect(try await records(place, of: first.document).allSatisfy { $0.value == 0 })
            }
        }
    }

    @Test func aWorkflowThatIsCancelledUndoesWhatItDid() async throws {
        try await Workplace.with { place in
            let bench = try Bench(place)
            // Redis is nowhere: the other three are written, and the cache is tried again and again.
            var configuration = place.configuration
            configuration.endpoints.redis = "redis://127.0.0.1:1/0"
            let request = try await place.upload(Corpus(seed: 72).document(index: 0, format: .txt, size: 3_000))
            let result = try await bench.withWorker(configuration) {
                let run = try await bench.ingestion.start(request, taskQueue: bench.taskQueue)
                var isTrying = false
                while !isTrying {
                    isTrying = try await bench.client.describe(run).pending.contains { $0.id == "snapshot-redis" }
                }
                #expect(try await records(place, of: request.document)[.postgres] ?? 0 > 0)
                try await bench.client.cancel(run)
                return try await bench.ingestion.result(of: run, request)
            }
            guard case .rolledBack = result.outcome else {
                Issue.record("\(result)")
                return
            }
            #expect(result.written.isEmpty)
            #expect(try await records(place, of: request.document).allSatisfy { $0.value == 0 })
        }
    }

    @Test func twoSubmissionsOfOneDocumentWaitForEachOther() async throws {
        try await Workplace.with { place in
            let bench = try Bench(place)
            let corpus = Corpus(seed: 73)
            var requests: [IngestionRequest] = []
            for _ in 0..<4 {
                var request = try await place.upload(corpus.document(index: 0, format: .txt, size: 2_000))
                request.id = UUID().uuidString
                requests.append(request)
            }
            try await bench.withWorker {
                let results = try await withThrowingTaskGroup(of: IngestionResult.self) { group in
                    for request in requests { group.addTask { try await bench.perform(request) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.allSatisfy { $0.succeeded })
            }
            // Their histories tell that no two had the document at once.
            var spans: [ClosedRange<Date>] = []
            for request in requests {
                let description = try await bench.client.describe(WorkflowRun(workflow: request.id))
                spans.append(try #require(description.started)...(try #require(description.closed)))
            }
            #expect(Set(spans.map(\.upperBound)).count == spans.count)
        }
    }
}
