package import Consistency
package import Faults
package import Wire

/// How many documents succeed, and how many do not. Whether a reported success is true is for the invariants to say.
package struct DocumentsExpectation: Expectation {
    package enum Amount: Hashable, Sendable {
        case all
        /// Exactly so many.
        case count(Int)
        /// At least this share, from 0 to 1.
        case share(Double)
    }

    package static let name = "documents"
    package static let example = "{ succeed: all }"

    package let succeed: Amount?
    /// Exactly so many don't succeed.
    package let fail: Int?

    package init(succeed: Amount? = nil, fail: Int? = nil) {
        self.succeed = succeed
        self.fail = fail
    }

    package init(spec: inout Spec, links: [String: LinkProtocol]) throws(SpecError) {
        succeed = try spec.optional("succeed", .amount)
        fail = try spec.optional("fail", .int(in: 0...1_000_000))
        try spec.finish()
        if succeed == nil, fail == nil {
            throw spec.place.error("claims nothing", mend: "write { succeed: all }, { succeed: 90% } or { fail: 3 }")
        }
    }

    package var claim: String {
        let parts = [succeed.map(Self.words), fail.map { "exactly \($0) not to" }].compactMap { $0 }
        return parts.joined(separator: ", and ")
    }

    package func check(_ evidence: Evidence) -> Finding {
        let counts = evidence.counts
        guard counts.submitted > 0 else { return .unknown("no document was submitted") }
        let failed = counts.submitted - counts.succeeded
        let found = "\(counts.succeeded) of \(counts.submitted) succeeded, \(failed) did not"
        var violations: [Violation] = []
        if let succeed, !Self.isMet(succeed, by: counts) {
            violations.append(violation(expected: Self.words(succeed), found: found))
        }
        if let fail, fail != failed {
            violations.append(violation(expected: "exactly \(fail) documents not to succeed", found: found))
        }
        return violations.isEmpty ? .holds(checked: counts.submitted) : .violated(violations)
    }

    private static func isMet(_ amount: Amount, by counts: DocumentCounts) -> Bool {
        switch amount {
        case .all: counts.succeeded == counts.submitted
        case .count(let count): counts.succeeded == count
        case .share(let share): Double(counts.succeeded) >= share * Double(counts.submitted) - 1e-9
        }
    }

    private static func words(_ amount: Amount) -> String {
        switch amount {
        case .all: "all documents to succeed"
        case .count(let count): "exactly \(count) documents to succeed"
        case .share(let share): "at least \((share * 1000).rounded() / 10)% of the documents to succeed"
        }
    }
}

extension SpecType where Value == DocumentsExpectation.Amount {
    /// `all`, a number, or a share with its `%`.
    fileprivate static var amount: SpecType {
        SpecType(example: "all") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content else {
                throw place.error("must be an amount, not \(node.summary)", mend: "write all, 48 or 90%")
            }
            if text == "all" { return .all }
            if let count = Int(text), count >= 0 { return .count(count) }
            if text.hasSuffix("%") { return .share(try SpecType<Double>.percent.read(node, place)) }
            throw place.error("must be an amount, not \(node.summary)", mend: "write all, 48 or 90%")
        }
    }
}
