package import Consistency
package import Faults
package import Wire

/// A message that a fault holds back is abandoned by its client within a time: it has a time limit, and acts on it.
package struct GivesUpExpectation: Expectation {
    package static let name = "gives-up"
    package static let example = "{ on: s3, within: 10s }"

    package let link: String
    package let within: Duration

    package init(on link: String, within: Duration) {
        self.link = link
        self.within = within
    }

    package init(spec: inout Spec, links: [String: LinkTraits]) throws(SpecError) {
        link = try spec.link("on", links)
        within = try spec.required("within", .duration)
        try spec.finish()
    }

    package var claim: String { "a message held on \(link) is abandoned within \(Milliseconds.words(within))" }

    package func check(_ evidence: Evidence) -> Finding {
        let limit = Milliseconds.nanoseconds(within)
        let holds = evidence.traffic.holds.filter { $0.link == link }
        let violations = holds.filter { $0.end - $0.time > limit }.map { hold in
            let time = Milliseconds.words(Milliseconds.passed(from: hold.time, to: hold.end))
            return violation(
                hold.document,
                expected: "a message held on \(link) to be abandoned within \(Milliseconds.words(within))",
                found: "\(hold.operation) on connection \(hold.connection) "
                    + (hold.isAbandoned ? "abandoned after \(time)" : "still waiting when it was let go after \(time)"))
        }
        if !violations.isEmpty { return .violated(violations) }
        if evidence.dropped > 0 { return .unknown("the wire history lost \(evidence.dropped) events") }
        if let untimed = holds.first(where: { $0.isAbandoned && $0.end == $0.time }) {
            return .unknown("nobody can tell when connection \(untimed.connection) of \(link) was given up")
        }
        let abandoned = holds.count(where: \.isAbandoned)
        if abandoned > 0 { return .holds(checked: abandoned) }
        return .unknown(
            holds.isEmpty
                ? "no fault held a message on \(link)"
                : "\(holds.count) messages on \(link) were let go before their time was up")
    }
}
