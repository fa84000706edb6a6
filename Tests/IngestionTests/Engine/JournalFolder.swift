import Foundation
import Ingestion
import Stores

/// A journal's folder of this test's own.
struct JournalFolder: Sendable {
    let path: String

    static func with(_ body: (JournalFolder) async throws -> Void) async throws {
        let folder = JournalFolder(path: "\(NSTemporaryDirectory())journal-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try await body(folder)
    }

    /// A worker as another process would be: with a journal object of its own.
    func worker(
        _ steps: ScriptedSteps, defects: Set<Defect> = [], clock: any Clock<Duration> = BackOffClock()
    ) -> IngestionWorker {
        let endpoint = "nowhere"
        let configuration = WorkerConfiguration(
            endpoints: .init(
                postgres: endpoint, neo4j: endpoint, qdrant: endpoint, redis: endpoint, s3: endpoint,
                openai: endpoint),
            bucket: "b")
        let behaviour = WorkerBehaviour(defects: defects)
        return IngestionWorker(
            configuration: behaviour.changed(configuration), behaviour: behaviour, journal: journal, clock: clock
        ) { _ in steps }
    }

    var journal: SagaJournal { SagaJournal(folder: path) }

    /// The files of sagas that have not ended.
    func openFiles() throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/open")) ?? []
        return names.sorted().map { "\(path)/open/\($0)" }
    }
}
