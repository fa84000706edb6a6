import Consistency
package import Foundation

/// The page of many runs: their verdicts, with the way to each one's own page.
package struct CampaignPage: Sendable {
    private let entries: [CampaignEntry]
    private let planned: Int
    private let started: Date

    package init(_ entries: [CampaignEntry], planned: Int, started: Date) {
        self.entries = entries
        self.planned = planned
        self.started = started
    }

    /// To be written into a folder beside those of the runs.
    package var html: String {
        let verdict = Verdict.merging(entries.map(\.verdict))
        let order: [Verdict] = [.violated, .inconclusive, .held]
        let counts = order.map { verdict in "\(entries.count { $0.verdict == verdict }) \(verdict.rawValue)" }
        let missing = planned > entries.count ? "; \(planned - entries.count) of \(planned) were not run" : ""
        let word = Headline.word(verdict)
        let rows = order.flatMap { verdict in entries.filter { $0.verdict == verdict } }.map(row)
        let table = PageTable(
            caption: "What broke comes first.",
            columns: [
                .short("Verdict"), .text("Experiment"), .text("What came of it"), .number("Took"), .number("Seed"),
            ],
            rows: rows)
        return HTML.page(
            title: "\(word): \(entries.count) experiments",
            main: [
                .element(
                    "header", ["class": "verdict \(verdict.rawValue)"],
                    .element(
                        "h1", [:], .element("b", [:], "\(Headline.sign(verdict)) \(word):"),
                        " \(counts.joined(separator: ", "))\(missing)."),
                    .element("p", ["class": "dim"], "Begun \(Figures.moment(started))")),
                .element("section", [:], table.html),
            ])
    }

    private func row(_ entry: CampaignEntry) -> [HTML] {
        let name = HTML.element("strong", [:], "\(entry.summary.name)")
        let folder = (entry.summary.folder as NSString).lastPathComponent
        let link =
            folder.isEmpty
            ? name : HTML.element("a", ["href": "../\(folder)/report.html"], name)
        return [
            .element(
                "span",
                ["class": "state \(entry.verdict == .inconclusive ? "s-unknown" : "s-\(entry.verdict.rawValue)")"],
                "\(Headline.sign(entry.verdict)) \(entry.verdict.rawValue)"),
            HTML([link, .element("small", [:], " \(entry.title)")]),
            HTML([
                "\(entry.sentence)",
                entry.verdict == .held
                    ? .nothing : entry.replay.map { HTML([" ", .element("code", [:], "\($0)")]) } ?? .nothing,
            ]),
            "\(Figures.seconds(entry.seconds))", "\(entry.summary.seed)",
        ]
    }
}
