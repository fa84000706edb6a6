package import Consistency
package import Experiments
package import Foundation
import Ingestion

/// `verdict.json`: its keys are documented in docs/experiments.md and stay.
package struct VerdictFile: Sendable, Encodable {
    package struct Check: Sendable, Encodable {
        package var name: String
        package var claim: String
        /// Left out when there was nothing of its kind to judge.
        package var verdict: Verdict?
        /// How many things it was found true of, when it held.
        package var checked: Int?
        /// Why it is inconclusive, or was not asked.
        package var reason: String?
        package var violations: [Violation]

        init(_ name: String, _ claim: String, _ finding: Finding) {
            self.name = name
            self.claim = claim
            verdict = finding.verdict
            violations = []
            switch finding {
            case .holds(let checked): self.checked = checked
            case .unknown(let reason): self.reason = reason
            case .violated(let violations): self.violations = violations
            case .notAsked(let reason): self.reason = reason
            }
        }
    }

    package struct History: Sendable, Encodable {
        package var events: Int
        package var dropped: Int
    }

    package var experiment: String
    package var title: String
    package var file: String?
    package var reproduces: String?
    package var verdict: Verdict
    package var reasons: [String]
    package var seed: UInt64
    package var defects: [String]
    package var run: String
    package var started: String
    package var seconds: Double
    package var documents: DocumentCounts
    package var lost: [LostDocument]
    /// Left out for a pipeline that has no workflows.
    package var workflows: [RunResult.Workflow]?
    package var faults: [Strike]
    package var faultsFired: Int
    package var expectations: [Check]
    package var invariants: [Check]
    package var history: History
    package var phases: [PhaseTime]
    package var notes: [String]
    package var runbook: String?
    package var replay: String?
    /// The control API of the standing proxy on whose links it ran; left out where it had links of its own.
    package var proxy: String?

    package init(_ result: RunResult, started: Date) {
        experiment = result.experiment.name
        title = result.experiment.title
        file = result.experiment.file
        reproduces = result.experiment.reproduces
        verdict = result.verdict
        reasons = result.ruling.reasons
        seed = result.seed
        defects = result.defects.map(\.name).sorted()
        run = result.run
        self.started = started.formatted(.iso8601)
        seconds = result.phases.reduce(0) { $0 + $1.seconds }
        documents = result.counts
        lost = result.lost
        workflows = result.workflows.isEmpty ? nil : result.workflows
        faults = result.strikes
        faultsFired = result.faultsFired
        expectations = result.claims.map { Check($0.expectation, $0.claim, $0.finding) }
        invariants = Self.checks(result.judgement)
        history = History(events: result.events, dropped: result.dropped)
        phases = result.phases
        notes = result.notes
        runbook = result.experiment.runbook
        proxy = result.proxy
        replay = Replay.command(result)
    }

    package static func checks(_ judgement: Judgement) -> [Check] {
        judgement.findings.map { Check($0.invariant, $0.title, $0.finding) }
    }
}
