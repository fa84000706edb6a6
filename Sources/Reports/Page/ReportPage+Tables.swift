import Consistency
import Experiments

extension ReportPage {
    private static let namesMax = 40

    var lostDocuments: HTML {
        guard lost > 0 else { return .nothing }
        var names = Self.namesMax
        let groups = losses.shown.map { group in
            let shown = Shortened(group.documents, max: max(names, 3))
            names -= shown.shown.count
            let code = group.code.map { " [\($0)]" } ?? ""
            let struck =
                group.struckBy.isEmpty
                ? "not struck by any fault" : "struck by \(group.struckBy.joined(separator: ", "))"
            return HTML([
                .element(
                    "h3", [:],
                    "\(Figures.count(group.documents.count, "document")), \(group.kind.rawValue) \(group.result.words), in step \(group.step), \(group.service)\(code)",
                    .element("span", ["class": "dim"], " – \(struck)")),
                .element("p", [:], "\(group.documents.count > 1 ? "The first" : "It") said: \(group.reason)"),
                .element("ul", ["class": "names"], shown.shown.map { .element("li", [:], document($0)) }),
                rest(shown.more, "document", in: "verdict.json"),
            ])
        }
        return section(
            "Documents that did not succeed",
            [
                .element(
                    "p", ["class": "dim"],
                    HTML(
                        "\(Figures.number(lost)) of \(Figures.count(counts.submitted, "document")) did not succeed; those "
                            + "that failed alike are told together."))
            ] + groups + [rest(losses.more, "kind", in: "verdict.json")])
    }

    var workflowTable: HTML {
        guard !workflows.isEmpty else { return .nothing }
        return section(
            "Workflows",
            [
                PageTable(
                    caption: "In the order in which they ended; each leads to its history in Temporal's web UI.",
                    columns: [.text("Document"), .short("Asked"), .short("Result"), .text("Workflow"), .text("Run")],
                    rows: workflows.shown.map { workflow in
                        [
                            code(workflow.document), "\(workflow.kind.rawValue)", "\(workflow.result.words)",
                            link(workflow.trace.id, to: workflow.trace.page), code(workflow.trace.run),
                        ]
                    }
                ).html,
                rest(workflows.more, "workflow", in: "verdict.json"),
            ])
    }

    /// A document's id, which leads to the history of its workflow where there is one.
    func document(_ id: String) -> HTML { link(id, to: histories[id]) }

    private func link(_ text: String, to page: String?) -> HTML {
        guard let page else { return code(text) }
        return .element("a", ["href": page], code(text))
    }

    var faultTable: HTML {
        guard !faults.isEmpty else { return .nothing }
        return section(
            "Faults",
            [
                PageTable(
                    caption:
                        "Matched: messages that the selector let through. Struck: messages that were damaged, or processes; "
                        + "for a watch, messages seen.",
                    columns: [
                        .text("Fault"), .number("Open from"), .number("Until"), .number("Matched"), .number("Struck"),
                    ],
                    rows: faults.map { row in
                        [
                            "\(row.strike.title)", "\(row.opened.map(Figures.seconds) ?? "–")",
                            "\(row.closed.map(Figures.seconds) ?? "–")", "\(Figures.number(row.strike.matched))",
                            struck(row.strike),
                        ]
                    }
                ).html
            ])
    }

    private func struck(_ strike: Strike) -> HTML {
        let count: HTML = strike.struck == 0 ? .element("strong", [:], "never") : "\(Figures.number(strike.struck))"
        guard let declined = strike.declined else { return count }
        return HTML([count, .element("span", ["class": "dim"], "; \(declined)")])
    }

    var phaseTable: HTML {
        guard !phases.isEmpty else { return .nothing }
        return section(
            "Phases",
            [
                PageTable(
                    caption: "In the order of the run.", columns: [.text("Phase"), .number("Took")],
                    rows: phases.map { ["\($0.phase.rawValue)", "\(Figures.seconds($0.seconds))"] }
                ).html
            ])
    }
}

extension Submission.Result {
    /// Behind what was asked for: `ingest rolled back`.
    var words: String {
        switch self {
        case .succeeded: "succeeded"
        case .rolledBack: "rolled back"
        case .unknown: "ended in doubt"
        }
    }
}
