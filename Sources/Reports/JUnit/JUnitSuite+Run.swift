import Consistency
package import Experiments
package import Foundation
import Ingestion

extension JUnitReport.Suite {
    private static let violationsMax = 50

    /// - Parameter folder: the run's.
    package init(_ result: RunResult, folder: String, started: Date) {
        let checks = CheckRow.all(result)
        let experiment = result.experiment
        var cases = checks.map { check in
            JUnitReport.Case(
                group: "\(experiment.name).\(check.kind.rawValue)s", name: Self.name(of: check, in: checks),
                outcome: Self.outcome(of: check))
        }
        // A run may prove nothing although no check minds: a fault that never struck.
        if result.verdict != .held, !cases.contains(where: \.isProblem) {
            cases.append(.run(experiment.name, "inconclusive: " + result.ruling.reasons.joined(separator: "; ")))
        }
        let defects = result.defects.map(\.name).sorted().joined(separator: ", ")
        let properties: [(name: String, value: String?)] = [
            ("seed", "\(result.seed)"), ("verdict", result.verdict.rawValue), ("folder", folder),
            ("file", experiment.file), ("defects", defects.isEmpty ? nil : defects), ("runbook", experiment.runbook),
            ("replay", Replay.command(result)),
        ]
        self.init(
            name: "\(experiment.name) (seed \(result.seed))", started: started, seconds: Headline(result).seconds,
            properties: properties.compactMap { name, value in value.map { (name, $0) } }, cases: cases,
            output: "\(VerdictText(result, folder: folder))")
    }

    /// A run that could not be carried through, by a fault of faultline's own.
    package init(failed experiment: String, seed: UInt64, reason: String, started: Date) {
        self.init(
            name: "\(experiment) (seed \(seed))", started: started, seconds: 0, properties: [("seed", "\(seed)")],
            cases: [.run(experiment, "inconclusive: \(reason)")], output: reason)
    }

    /// Two expectations of one kind are told apart by their claims.
    private static func name(of check: CheckRow, in checks: [CheckRow]) -> String {
        let isAlone = checks.count { $0.name == check.name && $0.kind == check.kind } == 1
        return isAlone ? check.name : "\(check.name): \(check.claim)"
    }

    private static func outcome(of check: CheckRow) -> JUnitReport.Case.Outcome {
        switch check.state {
        case .held: return .passed
        case .notAsked(let reason): return .skipped(message: reason)
        case .unknown(let reason): return .errored(message: "inconclusive: \(reason)")
        case .violated(let violations):
            let more = violations.count > 1 ? " (and \(violations.count - 1) more)" : ""
            let first = violations.first.map { "\($0)" } ?? check.claim
            var lines = ViolationText.lines(violations, max: violationsMax)
            if violations.count > violationsMax {
                lines.append("    and \(violations.count - violationsMax) more: see verdict.json")
            }
            return .failed(message: first + more, details: lines.joined(separator: "\n"))
        }
    }
}

extension JUnitReport.Case {
    fileprivate static func run(_ experiment: String, _ message: String) -> JUnitReport.Case {
        JUnitReport.Case(group: "\(experiment).run", name: "run", outcome: .errored(message: message))
    }
}
