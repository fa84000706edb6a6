import Consistency
package import Experiments

/// A verdict for somebody who was woken up by it: the verdict, what broke, where to look, how to see it again.
package struct VerdictText: CustomStringConvertible {
    private static let shownMax = 5
    private let result: RunResult
    private let folder: String

    package init(_ result: RunResult, folder: String) {
        self.result = result
        self.folder = folder
    }

    package var description: String {
        var lines = [headline]
        lines += lostDocuments
        lines += violations
        let doubts = result.ruling.reasons.dropFirst(violationCount)
        if !doubts.isEmpty {
            lines.append("  \(result.verdict == .violated ? "Not known" : "Why"):")
            lines += limited(doubts.map { "    \($0)" }, "reasons")
        }
        for strike in result.strikes {
            lines.append("  fault     \(strike.fault) struck \(Self.times(strike.struck))")
        }
        if result.verdict != .held, let runbook = result.experiment.runbook { lines.append("  runbook   \(runbook)") }
        lines.append("  folder    \(folder)")
        if let replay = Replay.command(result) { lines.append("  replay    \(replay)") }
        lines += result.notes.map { "  note      \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The verdict in one sentence.
    private var headline: String {
        let counts = result.counts
        let name = result.experiment.name
        let seconds = result.phases.reduce(0) { $0 + $1.seconds }
        let time = "(\((seconds * 10).rounded() / 10) s, seed \(result.seed))"
        switch result.verdict {
        case .held:
            return "HELD  \(name): all that was claimed is true of \(counts.submitted) documents under "
                + "\(result.faultsFired) faults \(time)"
        case .violated:
            let failed = counts.submitted - counts.succeeded
            let isBroken = result.judgement.verdict == .violated
            let parts = [
                failed > 0 ? "\(failed) of \(counts.submitted) documents were not ingested" : nil,
                isBroken ? "the stores are not consistent" : nil,
            ].compactMap { $0 }
            let what = parts.isEmpty ? result.ruling.reasons.first ?? "" : parts.joined(separator: ", and ")
            return "VIOLATED  \(name): \(what) \(time)"
        case .inconclusive:
            return "INCONCLUSIVE  \(name): \(result.ruling.reasons.first ?? "nothing was proved") \(time)"
        }
    }

    private var lostDocuments: [String] {
        guard !result.lost.isEmpty else { return [] }
        let lines = result.lost.map { lost in
            let code = lost.code.map { " [\($0)]" } ?? ""
            let struck = lost.struckBy.isEmpty ? "" : "; struck by \(lost.struckBy.joined(separator: ", "))"
            return "    \(lost.name)  step \(lost.step), \(lost.service)\(code): \(lost.reason)\(struck)"
        }
        return ["  Lost documents:"] + limited(lines, "documents")
    }

    private var violations: [String] {
        let all =
            result.claims.map { ($0.expectation, $0.finding) }
            + result.judgement.findings.map { ($0.invariant, $0.finding) }
        return all.flatMap { name, finding -> [String] in
            guard case .violated(let violations) = finding else { return [] }
            let lines = ViolationText.lines(violations)
            let cut = limited(lines, "lines", max: Self.shownMax * 3)
            return ["  Broken: \(name)"] + cut
        }
    }

    /// Reasons begin with the violations, one for each check that is violated.
    private var violationCount: Int {
        (result.claims.map(\.finding) + result.judgement.findings.map(\.finding)).count { $0.verdict == .violated }
    }

    private func limited(_ lines: [String], _ noun: String, max: Int = shownMax) -> [String] {
        guard lines.count > max else { return lines }
        return lines.prefix(max) + ["    and \(lines.count - max) more \(noun): see \(folder)/verdict.json"]
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
