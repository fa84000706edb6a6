package import Consistency
import Experiments

/// One violation with all that somebody needs who has to mend it.
package struct ViolationCase: Hashable, Sendable {
    package var check: String
    package var claim: String
    package var violation: Violation
    /// What the pipeline said of the document, in its words.
    package var reported: String?
    /// The document whose wire events are shown: the violation's own, or one that was lost.
    package var witness: String?
    package var trail: [DocumentTrail.Row]

    /// Whose wire events a page shows, chosen before the history is read.
    static func witnesses(_ result: RunResult, casesMax: Int) -> Set<String> {
        let accused = CheckRow.all(result).flatMap(\.violations).prefix(casesMax).compactMap(\.document)
        return Set(accused + [example(result)].compactMap { $0 })
    }

    static func all(_ result: RunResult, _ wire: WireDigest, casesMax: Int) -> [ViolationCase] {
        let results = Dictionary(grouping: result.world.submissions, by: \.document)
        let example = example(result)
        let pairs = CheckRow.all(result).flatMap { check in check.violations.map { (check, $0) } }
        return pairs.prefix(casesMax).map { check, violation in
            let witness = violation.document ?? example
            return ViolationCase(
                check: check.name, claim: check.claim, violation: violation,
                reported: violation.document.flatMap { results[$0] }.map(words),
                witness: witness, trail: witness.flatMap { wire.trails[$0]?.rows } ?? [])
        }
    }

    /// A violation that is about no document in particular is shown by a document that was lost, one that was struck if there is one.
    private static func example(_ result: RunResult) -> String? {
        (result.lost.first { !$0.struckBy.isEmpty } ?? result.lost.first)?.document
    }

    private static func words(_ submissions: [Submission]) -> String {
        submissions.map { submission in
            let reason = submission.reason.map { ": \($0)" } ?? ""
            return "\(submission.kind.rawValue) \(submission.result.rawValue)\(reason)"
        }.joined(separator: "; then ")
    }
}
