package import Wire

/// A fault with its target, its selector, and from when until when. Every window heals itself.
package struct Window: Sendable {
    /// Unique in a plan and stable from plan to plan, so that counts go on when a plan changes around it.
    package let id: Int
    /// As reports name it: `remove-header on s3`.
    package let name: String
    package let link: String
    package let selector: Selector
    package let fault: any Fault
    /// From when the plan was put in force.
    package let from: Duration
    /// `nil` until the plan is replaced.
    package let until: Duration?

    package init(
        id: Int, link: String, selector: Selector, fault: any Fault, from: Duration = .zero, until: Duration? = nil
    ) {
        self.id = id
        self.name = "\(type(of: fault).kind) on \(link)"
        self.link = link
        self.selector = selector
        self.fault = fault
        self.from = from
        self.until = until
    }

    /// Reads one entry of `faults:`.
    ///
    /// - Parameter links: the links that there are, with their protocols.
    package init(id: Int, spec: inout Spec, links: [String: LinkProtocol]) throws(SpecError) {
        let link = try spec.required("on", .name)
        guard let linkProtocol = links[link] else {
            throw spec.error(
                "on", "names no link: '\(link)'",
                mend: Suggestion.known(links.keys.sorted(), plural: "links", insteadOf: link))
        }
        let fault = try spec.required("inject", FaultCatalogue.type(link: link, linkProtocol: linkProtocol))
        var when = try spec.optional("when", .spec)
        var selector = Selector(direction: type(of: fault).direction)
        if when != nil {
            selector = try Selector(spec: &when!, natural: type(of: fault).direction)
            try when!.finish()
        }
        if type(of: fault).kind == Status.kind, selector.direction != .request {
            throw spec.error(
                "when", "has the direction 'response'", mend: "status answers requests: leave 'direction' out")
        }
        let from = try spec.optional("from", .duration) ?? .zero
        let until = try spec.optional("until", .windowEnd) ?? nil
        if let until, until <= from {
            throw spec.error("until", "is not after 'from'", mend: "a window lasts from 'from' until 'until'")
        }
        self.init(id: id, link: link, selector: selector, fault: fault, from: from, until: until)
    }

    /// Whether the window is open so long after its plan was put in force.
    package func isOpen(at elapsed: Duration) -> Bool { elapsed >= from && until.map { elapsed < $0 } ?? true }
}

extension SpecType where Value == Duration? {
    /// A duration, or `end`.
    static var windowEnd: SpecType {
        SpecType(example: "end") { node, place throws(SpecError) in
            if case .scalar("end") = node.content { return nil }
            return try SpecType<Duration>.duration.read(node, place)
        }
    }
}
