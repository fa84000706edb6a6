package import Consistency
package import Faults
package import Wire

/// Evidence that rolled-back documents were undone on a link. Too little of it proves nothing, and so does the run.
package struct UndoneExpectation: Expectation {
    package static let name = "undone"
    package static let example = "{ on: qdrant, operation: DeletePoints, at-least: 1 }"

    package let link: String
    /// Calls whose operation matches; nil for all.
    package let operation: Glob?
    package let atLeast: Int

    package init(on link: String, operation: String? = nil, atLeast: Int = 1) {
        self.link = link
        self.operation = operation.map { Glob($0) }
        self.atLeast = atLeast
    }

    package init(spec: inout Spec, links: [String: LinkTraits]) throws(SpecError) {
        link = try spec.link("on", links)
        operation = try spec.optional("operation", .name).map { Glob($0) }
        atLeast = try spec.optional("at-least", .int(in: 1...1_000_000_000)) ?? 1
        try spec.finish()
        guard operation == nil || links[link]?.knowsCalls == true else {
            throw spec.error(
                "operation", "is for links where operations can be seen", mend: "leave it out: any request counts"
            )
        }
    }

    package var claim: String {
        let calls = operation.map { "\($0) " } ?? ""
        return "at least \(atLeast) \(calls)request\(atLeast == 1 ? "" : "s") on \(link) undo rolled-back documents"
    }

    package func check(_ evidence: Evidence) -> Finding {
        let traces = UndoTrace.all(in: evidence)
        let count = traces.reduce(0) { count, trace in
            count
                + trace.requests.count { request in
                    request.link == link && operation?.matches(request.request.operation) != false
                }
        }
        if count >= atLeast { return .holds(checked: count) }
        if !evidence.world.submissions.contains(where: { !$0.isBaseline && $0.result == .rolledBack }) {
            return .unknown("no document was rolled back")
        }
        if traces.isEmpty { return .unknown("no message of a rolled-back document was struck") }
        if let gap = evidence.gap(on: [link]) { return .unknown(gap) }
        let seen = count == 0 ? "none was" : count == 1 ? "only 1 was" : "only \(count) were"
        return .unknown("\(claim): \(seen) seen")
    }
}
