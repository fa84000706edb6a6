import Consistency
import Experiments

extension ReportPage {
    /// The page as one file: no script, nothing from elsewhere.
    package var html: String {
        HTML.page(
            title: "\(headline.word): \(experiment)",
            main: [
                verdict, keyFacts, doubts, violationCases, again, checkTable, wire, retriedCalls, lostDocuments,
                workflowTable,
                attribution,
                faultTable, phaseTable, runFacts,
            ])
    }

    private var verdict: HTML {
        .element(
            "header", ["class": "verdict \(headline.verdict.rawValue)"],
            .element(
                "h1", [:], .element("b", [:], "\(headline.sign) \(headline.word):"), " \(headline.sentence)."),
            .element("p", [:], .element("strong", [:], "\(experiment)"), " – \(title)"),
            reproduces.map { .element("p", ["class": "dim"], "Reproduces: \($0)") } ?? .nothing)
    }

    private var keyFacts: HTML {
        let facts = [
            Fact("Documents", Figures.number(counts.submitted)),
            Fact("Succeeded", Figures.number(counts.succeeded)),
            Fact("Rolled back", Figures.number(counts.rolledBack)),
            Fact("Unknown", Figures.number(counts.unknown)),
            Fact("Strikes", Figures.number(faults.filter(\.strike.isDamage).reduce(0) { $0 + $1.strike.struck })),
            Fact("Seed", "\(seed)"), Fact("Took", Figures.seconds(headline.seconds)), Fact("Began", started),
        ]
        return .element("dl", ["class": "key"], facts.map(pair))
    }

    private func pair(_ fact: Fact) -> HTML {
        .element("div", [:], .element("dt", [:], "\(fact.name)"), .element("dd", [:], "\(fact.value)"))
    }

    /// What nobody can tell: the reason of an inconclusive run, and what else a violated one leaves open.
    private var doubts: HTML {
        guard headline.verdict == .inconclusive, !reasons.isEmpty else { return .nothing }
        return section("Why nothing is proved", [list(reasons, "reason")])
    }

    private var again: HTML {
        guard runbook != nil || replay != nil else { return .nothing }
        return section(
            headline.verdict == .held ? "To run it again" : "What to do",
            [
                runbook.map {
                    .element("p", [:], "Runbook: ", .element("code", [:], "\($0)"))
                } ?? .nothing,
                replay.map {
                    HTML([
                        .element("p", [:], "To see it again, the same documents and decisions:"),
                        .element("pre", [:], "\($0)"),
                    ])
                } ?? .nothing,
            ])
    }

    private var runFacts: HTML {
        section(
            "The run",
            [
                .element(
                    "dl", ["class": "pair"],
                    facts.flatMap { [.element("dt", [:], "\($0.name)"), .element("dd", [:], "\($0.value)")] }),
                notes.isEmpty ? .nothing : .element("h3", [:], "What went wrong beside the verdict"),
                notes.isEmpty ? .nothing : list(notes, "note"),
                .element(
                    "p", ["class": "dim"],
                    HTML(
                        "Beside this page: verdict.json, all of it for machines; world.json, what was judged (faultline judge "
                            + "checks it again); wire.ndjson, every event on the wire; experiment.yaml; junit.xml.")),
            ])
    }

    func section(_ title: String, _ content: [HTML]) -> HTML {
        .element("section", [:], [.element("h2", [:], "\(title)")] + content)
    }

    func list(_ items: Shortened<String>, _ noun: String) -> HTML {
        HTML([
            .element("ul", [:], items.shown.map { .element("li", [:], "\($0)") }),
            rest(items.more, noun, in: "verdict.json"),
        ])
    }

    /// Says what is left out; nothing when nothing is.
    func rest(_ count: Int, _ noun: String, in file: String) -> HTML {
        count == 0
            ? .nothing
            : .element(
                "p", ["class": "dim"], "\(Figures.number(count)) more \(noun)\(count == 1 ? "" : "s") in ",
                .element("code", [:], "\(file)"), ".")
    }
}

extension Headline {
    var sign: String { Self.sign(verdict) }
    var word: String { Self.word(verdict) }

    /// Read aloud or printed without colour, the verdict is the same.
    static func sign(_ verdict: Verdict) -> String {
        switch verdict {
        case .held: "\u{2713}"
        case .violated: "\u{2717}"
        case .inconclusive: "?"
        }
    }

    static func word(_ verdict: Verdict) -> String {
        verdict.rawValue.prefix(1).uppercased() + verdict.rawValue.dropFirst()
    }
}
