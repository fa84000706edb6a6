package import Consistency
package import Experiments

/// One thing that was checked, and what came of it: an invariant or an expectation.
package struct CheckRow: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case invariant, expectation }

    package enum State: Hashable, Sendable {
        /// True of so many things.
        case held(Int)
        case violated([Violation])
        /// Nobody can tell, and why.
        case unknown(String)
        /// Nothing of its kind was in the run, and what was missing.
        case notAsked(String)
    }

    package var kind: Kind
    package var name: String
    package var claim: String
    package var state: State

    package init(_ kind: Kind, _ name: String, claim: String, _ finding: Finding) {
        self.kind = kind
        self.name = name
        self.claim = claim
        switch finding {
        case .holds(let checked): state = .held(checked)
        case .violated(let violations): state = .violated(violations)
        case .unknown(let reason): state = .unknown(reason)
        case .notAsked(let reason): state = .notAsked(reason)
        }
    }

    /// All of a run, expectations first: they are what the experiment is about.
    package static func all(_ result: RunResult) -> [CheckRow] {
        result.claims.map { CheckRow(.expectation, $0.expectation, claim: $0.claim, $0.finding) }
            + all(result.judgement)
    }

    package static func all(_ judgement: Judgement) -> [CheckRow] {
        judgement.findings.map { CheckRow(.invariant, $0.invariant, claim: $0.title, $0.finding) }
    }

    package var violations: [Violation] {
        if case .violated(let violations) = state { return violations }
        return []
    }
}
