import Faults
import Wire

/// Every kind of expectation. A new one is a file and a line here.
package enum ExpectationCatalogue {
    package static let all: [any Expectation.Type] = [
        DocumentsExpectation.self,
        RetriesExpectation.self,
        GivesUpExpectation.self,
        RollbackExpectation.self,
        FiredExpectation.self,
        UndoneExpectation.self,
    ]

    /// Reads one entry of `expect:`.
    ///
    /// - Parameters:
    ///   - links: the links that there are, with what they speak and carry.
    ///   - windows: the experiment's.
    static func read(
        _ tag: SpecTag, links: [String: LinkTraits], windows: [Window]
    ) throws(SpecError) -> any Expectation {
        guard let type = all.first(where: { $0.name == tag.name }) else {
            throw tag.unknown("expectation", known: all.map { $0.name })
        }
        return try tag.read { (spec: inout Spec) throws(SpecError) -> any Expectation in
            let expectation = try type.init(spec: &spec, links: links)
            if let name = expectation.faultNamed, !windows.contains(where: { $0.name == name }) {
                let known = windows.map(\.name)
                throw spec.error(
                    "fault", "names no fault of the experiment: '\(name)'",
                    mend: known.isEmpty
                        ? "it has none" : Suggestion.known(known, plural: "faults", insteadOf: name))
            }
            return expectation
        }
    }
}
