package import Consistency
package import Experiments
package import Foundation
import Ingestion

/// What the page of a run shows, without a word of markup. Every list is cut to what a person reads, and says how much is left out.
package struct ReportPage: Sendable {
    package var experiment: String
    package var title: String
    package var reproduces: String?
    package var headline: Headline
    package var counts: DocumentCounts
    package var started: String
    package var seed: UInt64
    /// What could not be told, and why.
    package var reasons: Shortened<String>
    package var cases: [ViolationCase]
    /// Violations beyond the cases.
    package var further: Shortened<Violation>
    package var checks: [CheckRow]
    package var timeline: Timeline?
    package var calls: Shortened<CallRow>
    package var losses: Shortened<LossGroup>
    package var lost: Int
    package var workflows: Shortened<RunResult.Workflow>
    /// Histories in Temporal's web UI by document; of several submissions the last one's.
    package var histories: [String: String]
    package var shares: [AttributionShare]
    package var faults: [FaultRow]
    package var phases: [PhaseTime]
    package var facts: [Fact]
    /// The windows' faults by the number in the wire history.
    package var windowNames: [Int: String]
    /// History time of the workload's beginning, in nanoseconds.
    package var zero: Int64
    package var notes: Shortened<String>
    package var runbook: String?
    package var replay: String?

    /// Violations that are told in full, with their wire events.
    private static let casesMax = 5
    private static let rowsMax = 40
    /// Each document's is to be found here.
    private static let workflowsMax = 500
    private static let callsMax = 40
    private static let groupsMax = 30

    /// Whose wire events the page shows: what a `WireDigest` must watch.
    package static func witnesses(_ result: RunResult) -> Set<String> {
        ViolationCase.witnesses(result, casesMax: casesMax)
    }

    /// - Parameter started: when the run began.
    package init(_ result: RunResult, wire: WireDigest, started: Date) {
        experiment = result.experiment.name
        title = result.experiment.title
        reproduces = result.experiment.reproduces
        headline = Headline(result)
        counts = result.counts
        self.started = Figures.moment(started)
        seed = result.seed
        reasons = Shortened(result.doubts, max: Self.rowsMax)
        checks = CheckRow.all(result)
        let violations = ViolationCase.all(result, wire, casesMax: Self.casesMax)
        cases = violations.cases
        further = Shortened(violations.further, max: Self.rowsMax)
        let names = Dictionary(result.strikes.map { ($0.id, $0.label) }) { first, _ in first }
        windowNames = names
        let zero = result.workload?.lowerBound ?? wire.activity.origin
        self.zero = zero
        timeline = Timeline(
            wire, workload: result.workload?.lowerBound,
            windows: result.spans, phases: result.phases)
        calls = Shortened(CallRow.retried(result.traffic.calls, zero: zero, names: names), max: Self.callsMax)
        losses = Shortened(LossGroup.all(result.lost), max: Self.groupsMax)
        lost = result.lost.count
        workflows = Shortened(result.workflows, max: Self.workflowsMax)
        histories = Dictionary(
            result.workflows.compactMap { workflow in workflow.trace.page.map { (workflow.document, $0) } },
            uniquingKeysWith: { $1 })
        shares = AttributionShare.all(result.traffic)
        let spans = Dictionary(grouping: result.spans, by: \.id)
        faults = result.strikes.map { strike in
            let open = spans[strike.id] ?? []
            return FaultRow(
                strike, opened: open.map(\.from).min().map { Double($0 - zero) / 1e9 },
                closed: open.map(\.to).max().map { Double($0 - zero) / 1e9 })
        }
        phases = result.phases
        notes = Shortened(result.notes, max: Self.rowsMax)
        runbook = result.experiment.runbook
        replay = Replay.command(result)
        facts = Self.facts(result, wire)
    }

    private static func facts(_ result: RunResult, _ wire: WireDigest) -> [Fact] {
        let defects = result.defects.map(\.name).sorted()
        let workload = result.experiment.workload
        let formats = workload.formats.map(\.rawValue).joined(separator: ", ")
        return [
            result.experiment.file.map { Fact("Experiment file", $0) },
            Fact("Run", result.run),
            Fact("Seed", "\(result.seed)"),
            result.proxy.map { Fact("Links", "of the standing proxy at \($0)") },
            Fact("Planted defects", defects.isEmpty ? "none" : defects.joined(separator: ", ")),
            Fact(
                "Workload",
                "\(Figures.count(workload.documents, "document")), \(workload.concurrency) at once, \(formats), "
                    + "\(Figures.number(workload.size.lowerBound)) to \(Figures.number(workload.size.upperBound)) bytes"
            ),
            Fact(
                "Wire history",
                Figures.count(result.events, "event")
                    + (result.dropped > 0 ? ", \(Figures.number(result.dropped)) lost" : "")),
            Fact("Faultline", Version.text),
        ].compactMap { $0 }
    }
}

/// The beginning of a list, and how much of it is left out.
package struct Shortened<Item> {
    package var shown: [Item]
    package var more: Int

    package init(_ all: some Collection<Item>, max: Int) {
        shown = Array(all.prefix(max))
        more = all.count - shown.count
    }

    package var isEmpty: Bool { shown.isEmpty }
}

extension Shortened: Sendable where Item: Sendable {}
extension Shortened: Equatable where Item: Equatable {}
extension Shortened: Hashable where Item: Hashable {}

/// A name with its value.
package struct Fact: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
