import Consistency

/// What came of many runs: first what broke, then what nobody can tell, then what held.
package struct CampaignText: CustomStringConvertible {
    /// Violated runs that are told in full.
    private static let fullMax = 10

    private let entries: [CampaignEntry]
    private let planned: Int
    private let page: String?

    /// - Parameters:
    ///   - planned: how many runs there were to be; more than there are entries after an interruption.
    ///   - page: the summary's page, where there is one.
    package init(_ entries: [CampaignEntry], planned: Int, page: String? = nil) {
        self.entries = entries
        self.planned = planned
        self.page = page
    }

    package var description: String {
        let violated = entries.filter { $0.verdict == .violated }
        let inconclusive = entries.filter { $0.verdict == .inconclusive }
        let held = entries.filter { $0.verdict == .held }
        var lines = violated.prefix(Self.fullMax).flatMap { [$0.text, ""] }
        lines += violated.dropFirst(Self.fullMax).flatMap(Self.short)
        lines += inconclusive.flatMap(Self.short)
        let width = held.map(\.summary.name.count).max() ?? 0
        lines += held.map { "HELD  \($0.summary.name.padding(width))  seed \($0.summary.seed)  \($0.summary.folder)" }
        if !lines.isEmpty, lines.last != "" { lines.append("") }
        lines.append(counts)
        if let page { lines.append("summary: \(page)") }
        return lines.joined(separator: "\n")
    }

    /// `2 violated, 1 inconclusive, 9 held`.
    private var counts: String {
        let parts = [Verdict.violated, .inconclusive, .held].map { verdict in
            "\(entries.count { $0.verdict == verdict }) \(verdict.rawValue)"
        }
        let own = entries.count { $0.isOwnFault }
        let failed = own > 0 ? " (\(own) by a fault of faultline's own)" : ""
        let left = planned > entries.count ? "; \(planned - entries.count) of \(planned) not run" : ""
        return "\(parts[0]), \(parts[1])\(failed), \(parts[2])\(left)"
    }

    private static func short(_ entry: CampaignEntry) -> [String] {
        [
            entry.headline, entry.summary.folder.isEmpty ? nil : "  folder    \(entry.summary.folder)",
            entry.replay.map { "  replay    \($0)" },
        ].compactMap { $0 }
    }

    /// `HELD  s3-slow-down: all that was claimed … (4.2 s, seed 1)`.
    static func headline(
        _ verdict: Verdict, _ name: String, _ sentence: String, seconds: Double, seed: UInt64
    ) -> String {
        "\(verdict.rawValue.uppercased())  \(name): \(sentence) (\((seconds * 10).rounded() / 10) s, seed \(seed))"
    }
}
