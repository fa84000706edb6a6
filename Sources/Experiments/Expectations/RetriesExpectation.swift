package import Consistency
package import Faults
package import Wire

/// How often calls on a link are tried again. A retry is a further request with the operation and key of an earlier one.
package struct RetriesExpectation: Expectation {
    package static let name = "retries"
    package static let example = "{ on: s3, at-most: 0 }"

    package let link: String
    /// No call is retried more often.
    package let atMost: Int?
    /// Every call that a fault struck is retried at least so often.
    package let atLeast: Int?

    package init(on link: String, atMost: Int? = nil, atLeast: Int? = nil) {
        self.link = link
        self.atMost = atMost
        self.atLeast = atLeast
    }

    package init(spec: inout Spec, links: [String: LinkProtocol]) throws(SpecError) {
        link = try spec.required("on", .name)
        atMost = try spec.optional("at-most", .int(in: 0...1_000_000))
        atLeast = try spec.optional("at-least", .int(in: 0...1_000_000))
        try spec.finish()
        guard let linkProtocol = links[link] else {
            throw spec.error(
                "on", "names no link: '\(link)'",
                mend: Suggestion.known(links.keys.sorted(), plural: "links", insteadOf: link))
        }
        guard linkProtocol != .tcp else {
            throw spec.error(
                "on", "names the link '\(link)', which speaks tcp: calls cannot be seen on it",
                mend: "name a link whose calls can be counted: s3")
        }
        guard Service(rawValue: link) == .s3 else {
            throw spec.error(
                "on", "names the link '\(link)', where nothing tells the calls of one document from another's",
                mend: "name a link whose calls can be counted: s3")
        }
        if atMost == nil, atLeast == nil {
            throw spec.place.error("claims nothing", mend: "add 'at-most: 0' or 'at-least: 1'")
        }
        if let atMost, let atLeast, atLeast > atMost {
            throw spec.error("at-least", "is more than 'at-most'", mend: "swap the two")
        }
    }

    package var claim: String {
        let parts = [
            atMost.map {
                $0 == 0 ? "no call on \(link) is retried" : "no call on \(link) is retried more than \(Self.times($0))"
            },
            atLeast.map { "every call on \(link) that a fault struck is retried at least \(Self.times($0))" },
        ]
        return parts.compactMap { $0 }.joined(separator: ", and ")
    }

    package func check(_ evidence: Evidence) -> Finding {
        let calls = evidence.traffic.calls.filter { $0.link == link && $0.document != nil }
        var violations: [Violation] = []
        var struck = 0
        for call in calls {
            let retries = call.attempts.count - 1
            if let atMost, retries > atMost {
                violations.append(found(retries, "at most \(atMost)", call, evidence))
            }
            guard let atLeast, call.attempts.contains(where: { $0.window != 0 }) else { continue }
            struck += 1
            // What is missing from a history that was cut short proves nothing.
            if retries < atLeast, evidence.dropped == 0 {
                violations.append(found(retries, "at least \(atLeast)", call, evidence))
            }
        }
        if !violations.isEmpty { return .violated(violations) }
        if evidence.dropped > 0 { return .unknown("the wire history lost \(evidence.dropped) events") }
        let count = (evidence.traffic.requests[link] ?? 0) - (evidence.traffic.attributed[link] ?? 0)
        if count > 0 {
            return .unknown("\(count) requests on \(link) name no document, so their attempts cannot be counted")
        }
        if evidence.traffic.opaque.contains(link) {
            return .unknown("a connection of \(link) stopped making sense, so not all of its calls were seen")
        }
        if calls.isEmpty { return .unknown("no call was seen on \(link)") }
        if atLeast != nil, struck == 0 { return .unknown("no fault struck a call on \(link)") }
        return .holds(checked: calls.count)
    }

    private func found(_ retries: Int, _ expected: String, _ call: Call, _ evidence: Evidence) -> Violation
    {
        violation(
            call.document, expected: "\(expected) retries of \(call.operation) on \(link)",
            found: "\(retries)")
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
