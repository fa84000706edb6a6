package import Consistency
package import Experiments

/// The verdict of a run in one sentence.
package struct Headline: Hashable, Sendable {
    package var verdict: Verdict
    /// Without the verdict, the experiment's name or a full stop.
    package var sentence: String
    package var seconds: Double

    package init(_ result: RunResult) {
        verdict = result.verdict
        seconds = result.phases.reduce(0) { $0 + $1.seconds }
        let counts = result.counts
        switch result.verdict {
        case .held:
            sentence =
                "all that was claimed is true of \(Figures.count(counts.submitted, "document")) under "
                + Figures.count(result.faultsFired, "fault")
        case .inconclusive:
            sentence = result.ruling.reasons.first ?? "nothing was proved"
        case .violated:
            let parts = [Self.loss(result), Self.damage(result.judgement), Self.claim(result)].compactMap { $0 }
            sentence =
                parts.isEmpty ? result.ruling.reasons.first ?? "a claim is false" : parts.joined(separator: ", and ")
        }
    }

    /// Only where an expectation finds fault with it: a rollback may be what was wanted.
    private static func loss(_ result: RunResult) -> String? {
        let counts = result.counts
        let failed = counts.submitted - counts.succeeded
        let isBlamed = result.claims.contains {
            $0.expectation == DocumentsExpectation.name && $0.finding.verdict == .violated
        }
        guard failed > 0, isBlamed else { return nil }
        return "\(Figures.number(failed)) of \(Figures.count(counts.submitted, "document")) "
            + (failed == 1 ? "was not ingested" : "were not ingested")
    }

    private static func damage(_ judgement: Judgement) -> String? {
        let violations = judgement.violations
        guard !violations.isEmpty else { return nil }
        let documents = Set(violations.compactMap(\.document)).count
        let stores = Set(violations.flatMap(\.stores)).sorted().map(\.rawValue)
        let names = judgement.findings.filter { $0.finding.verdict == .violated }.map(\.invariant)
        let place = stores.isEmpty ? "" : " in \(list(stores))"
        let subject =
            documents > 0
            ? "\(Figures.count(documents, "document")) \(documents == 1 ? "is" : "are")" : "the stores are"
        return "\(subject) not consistent\(place) (\(list(names)))"
    }

    /// What the experiment claims beside how many succeed.
    private static func claim(_ result: RunResult) -> String? {
        let broken = CheckRow.all(result).filter {
            $0.kind == .expectation && !$0.violations.isEmpty && $0.name != DocumentsExpectation.name
        }
        guard !broken.isEmpty else { return nil }
        let names = list(broken.map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        let documents = Set(broken.flatMap(\.violations).compactMap(\.document)).count
        guard documents > 0 else { return "what \(names) claims is not true" }
        return "what \(names) claims is not true of \(Figures.count(documents, "document"))"
    }

    private static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }
}
