import Wire

/// Reads `when: { ... }`, by what the fault strikes.
enum SelectorReader {
    private enum Way: String, CaseIterable {
        case request, response, both

        var direction: Direction? {
            switch self {
            case .request: .request
            case .response: .response
            case .both: nil
            }
        }
    }

    private enum Retries: String, CaseIterable { case only }

    /// What a fault strikes where the file does not say.
    static func ownSelector(of fault: any Fault, on link: LinkTraits) -> Selector {
        var selector = Selector(direction: type(of: fault).direction)
        selector.ownOperations = fault.ownOperations(on: link.linkProtocol)
        return selector
    }

    /// - Parameters:
    ///   - when: the caller calls its `finish()`.
    ///   - link: which the fault is injected on.
    ///   - direction: of the messages, where it is not the fault's own.
    static func read(
        _ when: inout Spec, of injected: any Fault, on link: LinkTraits, direction: Direction? = nil
    ) throws(SpecError) -> Selector {
        let fault = type(of: injected)
        try refuseStrangers(when, fault)
        try ContentReader.refuseStrangers(when, on: link)
        let count = SpecType<Int>.int(in: 1...1_000_000_000)
        var selector = ownSelector(of: injected, on: link)
        if let direction { selector.direction = direction }
        if fault.target == .messages, let operation = try when.optional("operation", .name) {
            (selector.operation, selector.ownOperations) = (Glob(operation), nil)
        }
        if fault.takesDirection, let way = try when.optional("direction", SpecType<Way>.choice) {
            selector.direction = way.direction
        }
        if fault.target == .messages {
            selector.content = try ContentReader.read(&when, of: fault, on: link, selector.direction)
            let retries = try when.optional("retries", SpecType<Retries>.choice)
            selector.retriesOnly = retries == .only
        }
        selector.after = try when.optional("after", count)
        selector.nth = try when.optional("nth", count)
        selector.first = try when.optional("first", count)
        if fault.target == .messages { selector.firstPerCall = try when.optional("first-per-call", count) }
        selector.every = try when.optional("every", count)
        selector.probability = try when.optional("probability", .percent)
        selector.atMost = try when.optional("at-most", count)
        if fault.target == .messages {
            selector.per = try when.optional("per", SpecType<Selector.Unit>.choice) ?? .message
        }
        try refuseContradictions(when, selector)
        if let own = fault.direction, fault.oneWayOn.contains(link.linkProtocol), selector.direction != own {
            let struck = own == .request ? "requests" : "answers"
            throw when.error(
                "direction", "is not '\(own.rawValue)', and \(fault.kind) strikes \(struck) alone",
                mend: "leave 'direction' out")
        }
        return selector
    }

    /// What there is for messages, and makes no sense for what the fault strikes.
    private static func refuseStrangers(_ when: Spec, _ fault: any Fault.Type) throws(SpecError) {
        if fault.target == .listeners {
            throw when.place.error(
                "selects messages or connections, and \(fault.kind) strikes neither: it strikes listening sockets",
                mend: "leave 'when' out")
        }
        guard fault.target == .connections else { return }
        let strangers = [
            (
                "retries", "counts attempts of calls, and \(fault.kind) strikes connections", "leave it out"
            ),
            (
                "first-per-call", "counts attempts of calls, and \(fault.kind) strikes connections",
                "write 'first', which counts connections here"
            ),
            ("per", "says what is counted, and \(fault.kind) counts connections anyway", "leave it out"),
        ]
        let ofMessages = ["operation", "key", "method", "path", "header", "status", "statement"].map {
            ($0, "selects messages, and \(fault.kind) strikes connections", "leave it out")
        }
        for (key, what, mend) in ofMessages + strangers where when.keys.contains(key) {
            throw when.error(key, what, mend: mend)
        }
        if !fault.takesDirection, when.keys.contains("direction") {
            throw when.error(
                "direction", "selects one of two, and \(fault.kind) strikes the connection as a whole",
                mend: "leave it out")
        }
    }

    private static func refuseContradictions(_ when: Spec, _ selector: Selector) throws(SpecError) {
        let counts = [
            ("nth", selector.nth), ("first", selector.first), ("first-per-call", selector.firstPerCall),
            ("every", selector.every),
        ].filter { $0.1 != nil }
        if counts.count > 1 {
            throw when.error(
                counts[1].0, "cannot stand beside '\(counts[0].0)'", mend: "keep the one that you mean")
        }
        if selector.per == .connection, selector.firstPerCall != nil || selector.retriesOnly {
            throw when.error(
                selector.retriesOnly ? "retries" : "first-per-call",
                "counts attempts of calls, and 'per: connection' counts connections",
                mend: "keep the one that you mean")
        }
    }
}
