import Consistency

extension ReportPage {
    /// Each violation: what was expected, what was found, where, and what crossed the wire.
    var violationCases: HTML {
        guard !cases.isEmpty else { return .nothing }
        let table = PageTable(
            caption: "Further violations",
            columns: [.short("Check"), .text("Document"), .text("Stores"), .text("Expected"), .text("Found")],
            rows: further.shown.map { violation in
                [
                    "\(violation.invariant)", violation.document.map { document($0) } ?? code("–"),
                    "\(stores(violation))",
                    "\(violation.expected)", "\(violation.found)",
                ]
            })
        return section(
            "What broke",
            cases.map(article) + [
                further.isEmpty ? .nothing : table.html, rest(further.more, "violation", in: "verdict.json"),
            ])
    }

    private func article(_ one: ViolationCase) -> HTML {
        let charges = one.charges.shown.map { charge in
            var facts: [(String, HTML)] = []
            if !charge.violation.stores.isEmpty { facts.append(("Stores", "\(stores(charge.violation))")) }
            facts += [("Expected", "\(charge.violation.expected)"), ("Found", "\(charge.violation.found)")]
            return HTML([
                .element("h4", [:], "\(charge.check)", .element("span", ["class": "dim"], " – \(charge.claim)")),
                pairs(facts),
            ])
        }
        return .element(
            "article", ["class": "case"],
            one.document.map { .element("h3", [:], "Document ", document($0)) } ?? .nothing,
            one.reported.map { .element("p", ["class": "dim"], "Reported: \($0)") } ?? .nothing, HTML(charges),
            rest(one.charges.more, "violation", in: "verdict.json"), trail(one))
    }

    private func pairs(_ facts: [(String, HTML)]) -> HTML {
        .element(
            "dl", ["class": "pair"],
            facts.flatMap { name, value in [.element("dt", [:], "\(name)"), .element("dd", [:], value)] })
    }

    var checkTable: HTML {
        guard !checks.isEmpty else { return .nothing }
        let order: [CheckRow] = checks.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
        return section(
            "What was checked",
            [
                PageTable(
                    caption: "Expectations are what the experiment claims; invariants are always checked.",
                    columns: [
                        .short("Outcome"), .short("Check"), .short("Kind"), .text("Claim"), .text("What was found"),
                    ],
                    rows: order.map { check in
                        [
                            .element("span", ["class": "state \(check.style)"], "\(check.word)"),
                            .element("strong", [:], "\(check.name)"), "\(check.kind.rawValue)", "\(check.claim)",
                            "\(check.detail)",
                        ]
                    }
                ).html
            ])
    }

    func code(_ text: String) -> HTML { .element("code", [:], "\(text)") }

    private func stores(_ violation: Violation) -> String {
        violation.stores.isEmpty ? "–" : violation.stores.map(\.rawValue).joined(separator: ", ")
    }
}

extension CheckRow {
    /// What needs a reader first comes first.
    fileprivate var rank: Int {
        switch state {
        case .violated: 0
        case .unknown: 1
        case .held: 2
        case .notAsked: 3
        }
    }

    fileprivate var style: String {
        switch state {
        case .violated: "s-violated"
        case .unknown: "s-unknown"
        case .held: "s-held"
        case .notAsked: "s-notasked"
        }
    }

    fileprivate var word: String {
        switch state {
        case .violated: "\u{2717} violated"
        case .unknown: "? unknown"
        case .held: "\u{2713} held"
        case .notAsked: "– not asked"
        }
    }

    fileprivate var detail: String {
        switch state {
        case .violated(let violations):
            let first = violations.first.map { "expected \($0.expected); found \($0.found)" } ?? ""
            return violations.count > 1 ? "\(Figures.number(violations.count)) violations, the first: \(first)" : first
        case .unknown(let reason), .notAsked(let reason): return reason
        case .held(let checked): return "true of \(Figures.number(checked))"
        }
    }
}
