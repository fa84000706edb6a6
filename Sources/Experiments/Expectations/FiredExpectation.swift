package import Consistency
package import Faults
package import Wire

/// Evidence that faults struck. Too few strikes prove nothing, and so does the run.
package struct FiredExpectation: Expectation {
    package enum Subject: Hashable, Sendable {
        /// The window with this name.
        case fault(String)
        /// All windows on this link.
        case link(String)
    }

    package static let name = "fired"
    package static let example = "{ on: s3, at-least: 1 }"

    /// Nil for all windows together.
    package let subject: Subject?
    package let atLeast: Int

    package init(_ subject: Subject?, atLeast: Int = 1) {
        self.subject = subject
        self.atLeast = atLeast
    }

    package init(spec: inout Spec, links: [String: LinkTraits]) throws(SpecError) {
        let fault = try spec.optional("fault", .name)
        let link = try spec.optional("on", .name)
        atLeast = try spec.optional("at-least", .int(in: 1...1_000_000_000)) ?? 1
        try spec.finish()
        if let link { try spec.check(link, "on", links) }
        if fault != nil, link != nil {
            throw spec.error("on", "stands beside 'fault'", mend: "keep one: a fault is on one link anyway")
        }
        subject = fault.map { .fault($0) } ?? link.map { .link($0) }
    }

    package var faultNamed: String? {
        if case .fault(let name) = subject { name } else { nil }
    }

    package var claim: String {
        switch subject {
        case .fault(let name): "the fault '\(name)' strikes at least \(Self.times(atLeast))"
        case .link(let link): "faults strike \(link) at least \(Self.times(atLeast))"
        case nil: "faults strike at least \(Self.times(atLeast))"
        }
    }

    package func check(_ evidence: Evidence) -> Finding {
        let strikes = evidence.strikes.filter { strike in
            switch subject {
            case .fault(let name): strike.label == name
            case .link(let link): strike.link == link && strike.isDamage
            case nil: strike.isDamage
            }
        }
        guard !strikes.isEmpty else {
            switch subject {
            case .fault(let name):
                let known = evidence.strikes.map(\.label)
                let named = known.isEmpty ? "there are none" : "there are: \(known.joined(separator: ", "))"
                return .unknown("no fault is named '\(name)'; \(named)")
            case .link(let link): return .unknown("no fault is on \(link)")
            case nil: return .unknown("there is no fault")
            }
        }
        let struck = strikes.reduce(0) { $0 + $1.struck }
        guard struck >= atLeast else {
            return .unknown("\(claim): it was \(struck == 0 ? "never" : "only \(Self.times(struck))")")
        }
        return .holds(checked: struck)
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
