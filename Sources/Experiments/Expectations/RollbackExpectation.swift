package import Consistency
package import Faults
package import Wire

/// After the last strike, the undoing of a rolled-back document is seen on its stores' links, and is over within a time.
package struct RollbackExpectation: Expectation {
    package static let name = "rollback"
    package static let example = "{ within: 10s }"

    package let within: Duration
    /// So many rolled-back documents must be seen to undo something.
    package let atLeast: Int
    /// Nil for the links to all stores.
    package let links: [String]?

    package init(within: Duration, atLeast: Int = 1, on links: [String]? = nil) {
        self.within = within
        self.atLeast = atLeast
        self.links = links
    }

    package init(spec: inout Spec, links known: [String: LinkTraits]) throws(SpecError) {
        within = try spec.required("within", .duration)
        atLeast = try spec.optional("at-least", .int(in: 1...1_000_000)) ?? 1
        links = try spec.optional("on", .list(of: .name))
        try spec.finish()
        for link in links ?? [] { try spec.check(link, "on", known) }
        if links == [] { throw spec.error("on", "is empty", mend: "name links of stores, or leave it out for all") }
    }

    package var claim: String {
        let place = links.map { " on \($0.joined(separator: ", "))" } ?? ""
        return "rolled-back documents are undone\(place) within \(Milliseconds.words(within)) of the last strike"
    }

    package func check(_ evidence: Evidence) -> Finding {
        let links = links ?? evidence.storeLinks
        let traces = UndoTrace.all(in: evidence)
        if !evidence.world.submissions.contains(where: { !$0.isBaseline && $0.result == .rolledBack }) {
            return .unknown("no document was rolled back")
        }
        if traces.isEmpty { return .unknown("no message of a rolled-back document was struck") }
        // Without all strikes nobody knows which was the last.
        if evidence.dropped > 0 { return .unknown("the wire history lost \(evidence.dropped) events") }
        var violations: [Violation] = []
        var (seen, untimed) = (0, 0)
        for trace in traces {
            let undone = trace.requests.filter { links.contains($0.link) }
            guard let last = undone.max(by: { $0.request.end < $1.request.end }) else { continue }
            seen += 1
            if trace.isUntimed {
                untimed += 1
                continue
            }
            guard last.request.end - trace.struckUntil > Milliseconds.nanoseconds(within) else { continue }
            let time = Milliseconds.words(Milliseconds.passed(from: trace.struckUntil, to: last.request.end))
            violations.append(
                violation(
                    trace.submission.document,
                    expected: "the undoing to be over within \(Milliseconds.words(within)) of the last strike",
                    found: "a call on \(last.link) that ended \(time) after it"))
        }
        if !violations.isEmpty { return .violated(violations) }
        if let gap = evidence.gap(on: links) { return .unknown(gap) }
        if seen == 0 { return .unknown("no undo was seen of \(Self.documents(traces.count)) that rolled back") }
        if seen < atLeast { return .unknown("the undo of only \(Self.documents(seen)) was seen, not of \(atLeast)") }
        if untimed > 0 {
            return .unknown("\(Self.documents(untimed)) began to undo while a struck message was under way")
        }
        return .holds(checked: seen)
    }

    private static func documents(_ count: Int) -> String { count == 1 ? "1 document" : "\(count) documents" }
}
