package import Consistency
import Experiments

/// Violations of one document, with all that somebody needs who has to mend them.
package struct ViolationCase: Hashable, Sendable {
    package struct Charge: Hashable, Sendable {
        package var check: String
        package var claim: String
        package var violation: Violation
    }

    /// Nil where it is about no document in particular; then each charge is a case of its own.
    package var document: String?
    package var charges: Shortened<Charge>
    /// What the pipeline said of the document, in its words.
    package var reported: String?
    /// The document whose wire events are shown: the one that the case is about, or one that did not succeed.
    package var witness: String?
    package var trail: [DocumentTrail.Row]

    private static let chargesMax = 6

    /// Whose wire events a page shows, chosen before the history is read.
    static func witnesses(_ result: RunResult, casesMax: Int) -> Set<String> {
        Set(
            groups(result).prefix(casesMax).compactMap { $0[0].violation.document }
                + [example(result)].compactMap { $0 })
    }

    /// - Returns: the first cases, and the violations of all others.
    static func all(
        _ result: RunResult, _ wire: WireDigest, casesMax: Int
    ) -> (cases: [ViolationCase], further: [Violation]) {
        let results = Dictionary(grouping: result.world.submissions, by: \.document)
        let example = example(result)
        let groups = groups(result)
        let cases = groups.prefix(casesMax).map { charges in
            let document = charges[0].violation.document
            let witness = document ?? example
            return ViolationCase(
                document: document, charges: Shortened(charges, max: chargesMax),
                reported: document.flatMap { results[$0] }.map(words), witness: witness,
                trail: witness.flatMap { wire.trails[$0]?.rows } ?? [])
        }
        return (cases, groups.dropFirst(casesMax).flatMap { $0.map(\.violation) })
    }

    /// In the order in which documents are first accused.
    private static func groups(_ result: RunResult) -> [[Charge]] {
        var groups: [[Charge]] = []
        var places: [String: Int] = [:]
        for check in CheckRow.all(result) {
            for violation in check.violations {
                let charge = Charge(check: check.name, claim: check.claim, violation: violation)
                if let document = violation.document, let place = places[document] {
                    groups[place].append(charge)
                } else {
                    if let document = violation.document { places[document] = groups.count }
                    groups.append([charge])
                }
            }
        }
        return groups
    }

    /// A violation that is about no document in particular is shown by one that did not succeed, and was struck if there is one.
    private static func example(_ result: RunResult) -> String? {
        (result.lost.first { !$0.struckBy.isEmpty } ?? result.lost.first)?.document
    }

    private static func words(_ submissions: [Submission]) -> String {
        submissions.map { submission in
            let reason = submission.reason.map { ": \($0)" } ?? ""
            return "\(submission.kind.rawValue) \(submission.result.words)\(reason)"
        }.joined(separator: "; then ")
    }
}
