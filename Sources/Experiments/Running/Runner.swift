import Consistency
import Foundation
package import Ingestion
import Proxy
package import Stores

/// Runs one experiment with the reference worker, in this process, between links of its own.
package struct Runner: Sendable {
    /// The services of the stack that is up.
    package var endpoints: Endpoints
    package var seed: UInt64
    package var defects: Set<Defect> = []
    /// The file that the wire history is spooled to.
    package var historyPath: String
    package var settleWithin = Duration.seconds(30)
    /// A workload that takes longer is abandoned.
    package var workloadWithin = Duration.seconds(3600)
    package var progress: @Sendable (RunProgress) -> Void = { _ in }
    /// Called when a phase begins; tests take services away here.
    package var entering: @Sendable (RunPhase) async throws -> Void = { _ in }

    package init(endpoints: Endpoints, seed: UInt64, historyPath: String) {
        self.endpoints = endpoints
        self.seed = seed
        self.historyPath = historyPath
    }

    /// Its data is deleted again on every way out.
    ///
    /// - Throws: `CancellationError`, and faults of faultline's own: what the system under test does is in the result.
    package func run(_ experiment: Experiment) async throws -> RunResult {
        let links = try LocalLinks(historyPath: historyPath)
        var run = ExperimentRun(runner: self, experiment: experiment, links: links)
        let outcome: Result<Void, any Error>
        do {
            try await run.perform()
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await links.close()
        try? await run.enter(.cleaning)
        let (data, documents) = (run.data, run.documents)
        // A task of its own: the clean-up must also happen when this one is cancelled.
        run.notes += await Task { await data.erase(documents: documents) }.value
        run.clock.enter(nil)
        try outcome.get()
        return run.result
    }
}
