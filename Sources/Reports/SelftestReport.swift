package import Consistency
package import Experiments
package import Ingestion

/// Whether the tester finds every planted defect, and accuses nobody who has none. What `faultline selftest --format json`
/// prints.
package struct SelftestReport: Sendable, Encodable {
    package struct Row: Sendable, Encodable {
        package var defect: String
        /// The experiment that is to catch it.
        package var caughtBy: String
        /// The invariants and expectations that were violated; empty when it was not caught.
        package var oracle: [String]
        package var verdict: Verdict
        /// What the same experiment says of the correct worker.
        package var correct: Verdict
        /// Of the run with the defect.
        package var folder: String

        package var isCaught: Bool { verdict == .violated }

        enum CodingKeys: CodingKey { case defect, caughtBy, oracle, verdict, correct, folder }
    }

    /// How many defects were planted.
    package var defects: Int
    package var caught: Int
    /// Experiments that a correct worker did not hold.
    package var falseAlarms: Int
    package var rows: [Row]

    /// - Parameters:
    ///   - correct: what each experiment said of the correct worker, by its name.
    package init(_ runs: [(entry: Defect.Entry, result: RunResult, folder: String)], correct: [String: Verdict]) {
        rows = runs.map { entry, result, folder in
            Row(
                defect: entry.name, caughtBy: entry.caughtBy, oracle: Self.oracles(result), verdict: result.verdict,
                correct: correct[entry.caughtBy] ?? .inconclusive, folder: folder)
        }
        defects = rows.count
        caught = rows.count(where: \.isCaught)
        falseAlarms = correct.values.count { $0 != .held }
    }

    package var isPassed: Bool { defects > 0 && caught == defects && falseAlarms == 0 }

    private static func oracles(_ result: RunResult) -> [String] {
        let claims = result.claims.filter { $0.finding.isViolated }.map(\.expectation)
        return claims + result.judgement.findings.filter { $0.finding.isViolated }.map(\.invariant)
    }
}

extension Finding {
    fileprivate var isViolated: Bool {
        if case .violated = self { return true }
        return false
    }
}
