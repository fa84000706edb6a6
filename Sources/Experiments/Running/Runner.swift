import Consistency
import Faults
import Foundation
package import Ingestion
import Proxy

/// Runs one experiment on a system, between links of its own or those of a standing proxy.
package struct Runner: Sendable {
    package var system: System
    package var seed: UInt64
    package var defects: Set<Defect> = []
    /// The file that the wire history is spooled to.
    package var historyPath: String
    /// The folder that managed workers' logs go to.
    package var workerLogs: String
    package var settleWithin = Duration.seconds(30)
    /// A workload that takes longer is healed and, `healedWithin` later, given up.
    package var workloadWithin = Duration.seconds(600)
    /// So is one of the reference worker in which nothing is done for so long: its undo is tried until it succeeds. What drives
    /// pipelines of the user's has a time-out for each submission.
    package var standstillWithin = Duration.seconds(120)
    package var healedWithin = Duration.seconds(30)
    /// Where it is noted what this run must clean up; nil: nowhere.
    package var leftovers: Leftovers?
    package var progress: @Sendable (RunProgress) -> Void = { _ in }
    /// Where the links stand already; nil: the run has links of its own, in this process.
    package var proxy: AttachedProxy?
    /// Called when a phase begins; tests take services away here.
    package var entering: @Sendable (RunPhase) async throws -> Void = { _ in }

    package init(system: System, seed: UInt64, historyPath: String) {
        self.system = system
        self.seed = seed
        self.historyPath = historyPath
        workerLogs = (historyPath as NSString).deletingLastPathComponent + "/workers"
    }

    var limits: WorkloadDriver.Limits {
        WorkloadDriver.Limits(
            whole: workloadWithin, standstill: system.pipeline == .reference ? standstillWithin : nil,
            healed: healedWithin)
    }

    /// Heals, stops the pipeline and deletes the run's data on every way out.
    ///
    /// - Throws: `CancellationError`, and faults of faultline's own: what the system under test does is in the result.
    package func run(_ experiment: Experiment) async throws -> RunResult {
        let swept = await sweep()
        let links = try proxy?.links(experiment.name, historyPath) ?? LocalLinks(historyPath: historyPath)
        var run = ExperimentRun(runner: self, experiment: experiment, links: links)
        run.notes = swept
        let outcome: Result<Void, any Error>
        do {
            try await run.perform()
            run.noteDisturbances(try await links.disturbances())
            outcome = .success(())
        } catch let lost as LinksLost {
            run.lose(lost)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try? await run.enter(.cleaning)
        let (data, documents, pipeline, processes) = (run.data, run.documents, run.pipeline, run.processes)
        let leftovers = leftovers
        // A task of its own: all this must also happen when the present one is cancelled.
        run.notes += await Task {
            await processes?.director.heal()
            _ = try? await links.apply(Plan(seed: 0))
            // Before the data is deleted: whoever still writes would write after it.
            await pipeline?.stop()
            await processes?.end()
            await links.close()
            let erased = await data.erase(documents: documents)
            if erased.isComplete { leftovers?.remove(data.token) }
            return erased.notes
        }.value
        run.clock.enter(nil)
        try outcome.get()
        return run.result
    }

    /// Deletes what runs left behind that were killed.
    /// - Returns: what was found, in words.
    private func sweep() async -> [String] {
        guard let leftovers else { return [] }
        var notes: [String] = []
        for note in leftovers.abandoned(of: system.file) {
            let erased = await RunData(system, token: note.token).erase(documents: note.documents)
            if erased.isComplete {
                leftovers.remove(note.token)
                notes.append("deleted what a run that was killed had left behind (\(note.token))")
            }
            notes += erased.notes
        }
        return notes
    }
}
