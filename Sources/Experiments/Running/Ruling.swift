package import Consistency

/// The verdict of a run with all its reasons. Pure.
package struct Ruling: Hashable, Sendable {
    package var verdict: Verdict
    /// Violations first, then doubts; empty when the verdict is `held`.
    package var reasons: [String]

    /// - Parameter doubts: what keeps the run as a whole from proving anything.
    package init(judgement: Judgement, claims: [RunResult.Claim], doubts: [String]) {
        let violations =
            claims.flatMap { Self.violations($0.finding, named: $0.expectation) }
            + judgement.findings.flatMap { Self.violations($0.finding, named: $0.invariant) }
        let unknown =
            claims.compactMap { Self.unknown($0.finding, named: $0.expectation) }
            + judgement.findings.compactMap { Self.unknown($0.finding, named: $0.invariant) }
        reasons = violations + Self.merged(doubts, unknown)
        if !violations.isEmpty {
            verdict = .violated
        } else if !reasons.isEmpty {
            verdict = .inconclusive
        } else {
            verdict = .merging((judgement.findings.map(\.finding) + claims.map(\.finding)).compactMap(\.verdict))
        }
    }

    /// A run that ended before there was anything to judge.
    package init(inconclusive reason: String) {
        verdict = .inconclusive
        reasons = [reason]
    }

    /// One line, with the first of them in full.
    private static func violations(_ finding: Finding, named name: String) -> [String] {
        guard case .violated(let violations) = finding, let first = violations.first else { return [] }
        let subject = first.document.map { "document \($0): " } ?? ""
        let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
        return ["\(name): \(subject)expected \(first.expected); found \(first.found)\(more)"]
    }

    private static func unknown(_ finding: Finding, named name: String) -> (name: String, reason: String)? {
        if case .unknown(let reason) = finding { return (name, reason) }
        return nil
    }

    /// A reason that several checks give is given once, with their names.
    private static func merged(_ doubts: [String], _ unknown: [(name: String, reason: String)]) -> [String] {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for (name, reason) in unknown {
            if names[reason] == nil { order.append(reason) }
            names[reason, default: []].append(name)
        }
        return doubts + order.filter { !doubts.contains($0) }.map { "\($0) (so nobody can tell \(list(names[$0]!)))" }
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
