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
    static func read(_ tag: SpecTag, links: [String: LinkTraits]) throws(SpecError) -> any Expectation {
        guard let type = all.first(where: { $0.name == tag.name }) else {
            throw tag.unknown("expectation", known: all.map { $0.name })
        }
        return try tag.read { (spec: inout Spec) throws(SpecError) -> any Expectation in
            try type.init(spec: &spec, links: links)
        }
    }
}
