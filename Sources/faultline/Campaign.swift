import Consistency
import Experiments
import Foundation
import Ingestion
import Reports
import Stack

/// Several runs, one after the other. A run that cannot be carried through doesn't stop the others.
struct Campaign: Sendable {
    struct Planned: Sendable {
        var experiment: Experiment
        var seed: UInt64
    }

    /// What came of it; runs are missing after an interruption, and when a violation was to end it.
    struct Outcome: Sendable {
        var entries: [CampaignEntry] = []
        var isInterrupted = false
    }

    let runs: [Planned]
    let defects: Set<Defect>
    /// Ends it after the first run that is violated.
    let failsFast: Bool

    /// - Parameter tell: called with each run once it is over.
    func perform(
        in session: RunSession, tell: @Sendable (CampaignEntry) -> Void
    ) async -> Outcome {
        var outcome = Outcome()
        for run in runs {
            let began = Date()
            let entry: CampaignEntry
            do {
                try Task.checkCancellation()
                entry = try await session.run(run.experiment, seed: run.seed, defects: defects).entry
            } catch is CancellationError {
                outcome.isInterrupted = true
                return outcome
            } catch  where Task.isCancelled {
                outcome.isInterrupted = true
                return outcome
            } catch {
                entry = CampaignEntry(
                    run.experiment, seed: run.seed, failure: error, started: began,
                    seconds: Date().timeIntervalSince(began))
            }
            outcome.entries.append(entry)
            tell(entry)
            if failsFast, entry.verdict == .violated { return outcome }
        }
        return outcome
    }
}
