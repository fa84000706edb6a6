package import Consistency
package import Faults
package import Wire

/// How many of the workload's submissions succeed, roll back, or fail. Whether a reported result is true is for the invariants
/// to say.
package struct DocumentsExpectation: Expectation {
    package static let name = "documents"
    package static let example = "{ succeed: all }"

    package let succeed: Amount?
    /// So many report that they failed and undid all.
    package let rollBack: Amount?
    /// So many don't succeed, rolled back or not.
    package let fail: Amount?

    package init(succeed: Amount? = nil, rollBack: Amount? = nil, fail: Amount? = nil) {
        self.succeed = succeed
        self.rollBack = rollBack
        self.fail = fail
    }

    package init(spec: inout Spec, links: [String: LinkTraits]) throws(SpecError) {
        succeed = try spec.optional("succeed", .amount)
        rollBack = try spec.optional("roll-back", .amount)
        fail = try spec.optional("fail", .amount)
        try spec.finish()
        if succeed == nil, rollBack == nil, fail == nil {
            throw spec.place.error(
                "claims nothing", mend: "write { succeed: all }, { roll-back: 1.. } or { fail: 3 }")
        }
    }

    private var parts: [(amount: Amount, verb: String, count: (DocumentCounts) -> Int)] {
        [
            succeed.map { ($0, "succeed", { $0.succeeded }) },
            rollBack.map { ($0, "roll back", { $0.rolledBack }) },
            fail.map { ($0, "fail", { $0.submitted - $0.succeeded }) },
        ].compactMap { $0 }
    }

    package var claim: String {
        parts.map { "\($0.amount.words) to \($0.verb)" }.joined(separator: ", and ")
    }

    package func check(_ evidence: Evidence) -> Finding {
        let counts = evidence.counts
        guard counts.submitted > 0 else { return .unknown("no document was submitted") }
        let found =
            "\(counts.succeeded) of \(counts.submitted) succeeded, \(counts.rolledBack) rolled back, "
            + "\(counts.unknown) with an unknown result"
        let violations = parts.compactMap { part in
            part.amount.isMet(by: part.count(counts), of: counts.submitted)
                ? nil : violation(expected: "\(part.amount.words) to \(part.verb)", found: found)
        }
        return violations.isEmpty ? .holds(checked: counts.submitted) : .violated(violations)
    }
}
