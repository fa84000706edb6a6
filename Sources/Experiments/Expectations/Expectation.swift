package import Consistency
package import Faults
package import Wire

/// What an experiment claims beyond the invariants. Pure: a saved run can be judged again.
package protocol Expectation: Sendable {
    /// The name in YAML and in reports.
    static var name: String { get }
    /// The options as one would write them.
    static var example: String { get }

    /// - Parameter links: the links that there are, with what they speak and carry.
    init(spec: inout Spec, links: [String: LinkTraits]) throws(SpecError)

    /// The claim in a sentence.
    var claim: String { get }

    /// The fault that it speaks of by name, in the option `fault`.
    var faultNamed: String? { get }

    func check(_ evidence: Evidence) -> Finding
}

extension Expectation {
    package var faultNamed: String? { nil }

    func violation(_ document: String? = nil, expected: String, found: String) -> Violation {
        Violation(invariant: Self.name, document: document, stores: [], expected: expected, found: found)
    }
}
