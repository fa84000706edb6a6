import Consistency
package import Experiments

/// A verdict for somebody who was woken up by it: the verdict, what broke, where to look, how to see it again.
package struct VerdictText: CustomStringConvertible {
    private static let lostMax = 5
    private static let violationsMax = 3
    private static let reasonsMax = 5
    private let result: RunResult
    private let folder: String

    package init(_ result: RunResult, folder: String) {
        self.result = result
        self.folder = folder
    }

    package var description: String {
        let headline = Headline(result)
        var lines = [
            CampaignText.headline(
                result.verdict, result.experiment.name, headline.sentence, seconds: headline.seconds, seed: result.seed)
        ]
        lines += broken
        lines += lostDocuments
        lines += doubts
        for strike in result.strikes {
            let declined = strike.declined.map { "; it \($0)" } ?? ""
            lines.append(
                strike.isDamage
                    ? "  fault     \(strike.title) struck \(Self.times(strike.struck))\(declined)"
                    : "  watch     \(strike.title) saw \(Figures.count(strike.struck, "message"))")
        }
        if let proxy = result.proxy { lines.append("  proxy     on the links of the standing proxy at \(proxy)") }
        if result.verdict != .held, let runbook = result.experiment.runbook { lines.append("  runbook   \(runbook)") }
        lines.append("  report    \(folder)/report.html")
        if let replay = Replay.command(result) { lines.append("  replay    \(replay)") }
        lines += result.notes.map { "  note      \($0)" }
        return lines.joined(separator: "\n")
    }

    private var broken: [String] {
        CheckRow.all(result).filter { !$0.violations.isEmpty }.flatMap { check -> [String] in
            let violations = check.violations
            let count = violations.count > 1 ? " (\(Figures.count(violations.count, "violation")))" : ""
            return ["  Broken: \(check.name)\(count)"]
                + ViolationText.lines(violations, max: Self.violationsMax)
                + more(violations.count - Self.violationsMax, "violations")
        }
    }

    /// Those that were lost alike are told together.
    private var lostDocuments: [String] {
        let groups = LossGroup.all(result.lost)
        guard !groups.isEmpty else { return [] }
        let lines = groups.prefix(Self.lostMax).flatMap { group -> [String] in
            let code = group.code.map { " [\($0)]" } ?? ""
            let others = group.documents.count > 1 ? " and \(group.documents.count - 1) more" : ""
            let struck = group.struckBy.isEmpty ? "" : "; struck by \(group.struckBy.joined(separator: ", "))"
            return [
                "    \(group.documents[0])\(others): \(group.kind.rawValue) \(group.result.words)",
                "      step \(group.step), \(group.service)\(code): \(group.reason)\(struck)",
            ]
        }
        return ["  Not succeeded:"] + lines + more(groups.count - Self.lostMax, "ways to fail")
    }

    /// Of a run that is violated only what the violation does not explain: stores that hold nothing because nothing was ingested
    /// leave nothing to be checked.
    private var doubts: [String] {
        let doubts = Array(result.doubts)
        guard !doubts.isEmpty else { return [] }
        guard result.verdict == .violated else {
            // The first is in the headline.
            let rest = doubts.dropFirst()
            return rest.isEmpty
                ? []
                : ["  Also:"] + rest.prefix(Self.reasonsMax).map { "    \($0)" }
                    + more(rest.count - Self.reasonsMax, "reasons")
        }
        if isBare {
            let unknown = CheckRow.all(result).filter { if case .unknown = $0.state { true } else { false } }
            return unknown.isEmpty
                ? []
                : ["  Not known: \(unknown.map(\.name).joined(separator: ", ")), since no document was ingested"]
        }
        return ["  Not known:"] + doubts.prefix(Self.reasonsMax).map { "    \($0)" }
            + more(doubts.count - Self.reasonsMax, "reasons")
    }

    /// Nothing was ingested, and nothing is left of the attempts.
    private var isBare: Bool {
        guard result.counts.succeeded == 0 else { return false }
        let documents = Set(result.world.submissions.filter { !$0.isBaseline }.map { $0.storedID ?? $0.document })
        return result.world.footprints.values.allSatisfy { store in
            store.allSatisfy { document, records in records.isEmpty || !documents.contains(document) }
        }
    }

    private func more(_ count: Int, _ noun: String) -> [String] {
        count > 0 ? ["    and \(count) more \(noun): see \(folder)/verdict.json"] : []
    }

    private static func times(_ count: Int) -> String {
        switch count {
        case 0: "never"
        case 1: "once"
        default: "\(count) times"
        }
    }
}
