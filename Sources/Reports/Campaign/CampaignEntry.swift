package import Consistency
package import Experiments
package import Foundation

/// What is kept of one run of many once it is over.
package struct CampaignEntry: Sendable {
    /// For `--format json`.
    package var summary: RunSummary.Entry
    package var suite: JUnitReport.Suite
    package var title: String
    /// The verdict in one sentence.
    package var sentence: String
    package var seconds: Double
    /// The verdict in full, for a terminal.
    package var text: String
    package var replay: String?
    /// The run could not be carried through, and it wasn't the system under test that broke it.
    package var isOwnFault: Bool

    package var verdict: Verdict { summary.verdict }

    package init(_ result: RunResult, folder: String, started: Date) {
        let headline = Headline(result)
        summary = RunSummary.Entry(result, folder: folder)
        suite = JUnitReport.Suite(result, folder: folder, started: started)
        title = result.experiment.title
        sentence = headline.sentence
        seconds = headline.seconds
        text = "\(VerdictText(result, folder: folder))"
        replay = Replay.command(result)
        isOwnFault = false
    }

    /// A run that threw: counted as inconclusive, since it proves nothing.
    package init(_ experiment: Experiment, seed: UInt64, failure: any Error, started: Date, seconds: Double) {
        let reason = "faultline failed: \(failure)"
        summary = RunSummary.Entry(failed: experiment.name, seed: seed, reason: reason)
        suite = JUnitReport.Suite(failed: experiment.name, seed: seed, reason: reason, started: started)
        title = experiment.title
        sentence = reason
        self.seconds = seconds
        replay = experiment.file.map { "faultline run \(Replay.quoted($0)) --seed \(seed)" }
        isOwnFault = true
        text = CampaignText.headline(.inconclusive, experiment.name, reason, seconds: seconds, seed: seed)
    }

    /// One line.
    package var headline: String {
        CampaignText.headline(verdict, summary.name, sentence, seconds: seconds, seed: summary.seed)
    }
}
