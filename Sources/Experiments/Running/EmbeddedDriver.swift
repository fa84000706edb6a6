import Faults
import Ingestion
import Proxy

/// Drives the reference worker inside this process.
struct EmbeddedDriver: Sendable {
    let worker: IngestionWorker
    let links: LocalLinks
    let concurrency: Int
    let progress: @Sendable (RunProgress) -> Void

    /// Ingests all, in order of arrival, at most `concurrency` at once. At the limit what is left is cancelled; its results
    /// are those of a worker that was told to stop.
    func ingest(
        _ requests: [IngestionRequest], within limit: Duration
    ) async throws -> (results: [IngestionResult], isAbandoned: Bool) {
        let tally = DocumentTally(of: requests.count, progress: progress)
        return try await withThrowingTaskGroup(of: [IngestionResult]?.self) { group in
            group.addTask {
                try await Bounded.map(requests.count, atOnce: concurrency) { index in
                    let result = await worker.perform(requests[index])
                    let struck = (try? await links.progress().values.reduce(0) { $0 + $1.struck }) ?? 0
                    tally.add(struck: struck)
                    return result
                }
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            var isAbandoned = false
            while let answer = try await group.next() {
                group.cancelAll()
                if let results = answer { return (results, isAbandoned) }
                isAbandoned = true
            }
            return ([], isAbandoned)
        }
    }
}
