/// What all invariants said of one world.
package struct Judgement: Hashable, Sendable, Codable {
    package struct Entry: Hashable, Sendable, Codable {
        /// Name of the invariant.
        package var invariant: String
        package var title: String
        package var finding: Finding
    }

    package var findings: [Entry]

    package var verdict: Verdict { Verdict.merging(findings.compactMap { $0.finding.verdict }) }

    package var violations: [Violation] {
        findings.flatMap { entry -> [Violation] in
            if case .violated(let violations) = entry.finding { return violations }
            return []
        }
    }

    /// Why something is inconclusive, with the invariant in front.
    package var doubts: [String] {
        findings.compactMap { entry -> String? in
            if case .unknown(let reason) = entry.finding { return "\(entry.invariant): \(reason)" }
            return nil
        }
    }
}
