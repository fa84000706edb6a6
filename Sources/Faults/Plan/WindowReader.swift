package import Wire

/// Reads the entries of `faults:` as windows. Together, since one window may wait for another by its name.
package enum WindowReader {
    /// - Parameters:
    ///   - specs: the entries, each read to its end.
    ///   - links: the links that there are, with what they speak and carry.
    ///   - processes: those that windows may strike.
    /// - Returns: the windows in the entries' order, numbered from 1: in the wire history 0 means that none struck.
    package static func read(
        _ specs: [Spec], links: [String: LinkTraits], processes: ProcessNames = ProcessNames()
    ) throws(SpecError) -> [Window] {
        let names = try names(specs)
        var windows: [Window] = []
        for (index, spec) in specs.enumerated() {
            var spec = spec
            if spec.keys.contains("process") {
                windows.append(
                    try ProcessWindowReader.window(index + 1, &spec, links: links, processes: processes))
            } else {
                windows.append(try window(index + 1, &spec, links, names))
            }
            try spec.finish()
            windows[index].written = spec.node
        }
        try refuseCircles(windows, specs)
        try refuseWaitingForTimes(windows, specs)
        return windows
    }

    /// - Returns: the number of each window that has a name.
    private static func names(_ specs: [Spec]) throws(SpecError) -> [String: Int] {
        var names: [String: Int] = [:]
        for (index, spec) in specs.enumerated() {
            var spec = spec
            guard let name = try spec.optional("name", .name) else { continue }
            if let other = names.updateValue(index + 1, forKey: name) {
                throw spec.error(
                    "name", "is the name of \(specs[other - 1].place.path) too: '\(name)'",
                    mend: "give each window a name of its own, or none")
            }
        }
        return names
    }

    private static func window(
        _ id: Int, _ spec: inout Spec, _ links: [String: LinkTraits], _ names: [String: Int]
    ) throws(SpecError) -> Window {
        let name = try spec.optional("name", .name)
        let link = try spec.required("on", .name)
        guard let traits = links[link] else {
            throw spec.error(
                "on", "names no link: '\(link)'",
                mend: Suggestion.known(links.keys.sorted(), plural: "links", insteadOf: link))
        }
        let fault = try spec.required("inject", FaultCatalogue.type(link: link, traits: traits))
        let selector = try selector(&spec, fault, traits)
        let opening = try spec.optional("from", .opening(of: id, names)) ?? .at(.zero)
        return Window(
            id: id, name: name, link: link, selector: selector, fault: fault, opening: opening,
            closing: try closing(&spec, opening))
    }

    private static func selector(_ spec: inout Spec, _ fault: any Fault, _ link: LinkTraits) throws(SpecError)
        -> Selector
    {
        guard var when = try spec.optional("when", .spec) else {
            return SelectorReader.ownSelector(of: fault, on: link)
        }
        let selector = try SelectorReader.read(&when, of: fault, on: link)
        try when.finish()
        return selector
    }

    static func closing(_ spec: inout Spec, _ opening: Window.Opening) throws(SpecError) -> Window.Closing {
        let until = try spec.optional("until", .windowEnd)
        let lasting = try spec.optional("for", .duration)
        if let lasting {
            guard until == nil else {
                throw spec.error("for", "cannot stand beside 'until'", mend: "keep the one that you mean")
            }
            guard lasting > .zero else { throw spec.error("for", "is no time at all", mend: "write 'for: 5s'") }
            return .lasting(lasting)
        }
        guard case .some(.some(let until)) = until else { return .withPlan }
        guard case .at(let from) = opening else {
            throw spec.error(
                "until", "is a time, and nobody knows when the window will open",
                mend: "write 'for: 5s', which counts from its opening")
        }
        guard until > from else {
            throw spec.error("until", "is not after 'from'", mend: "a window lasts from 'from' until 'until'")
        }
        return .at(until)
    }

    /// What strikes a process at a time is no matter of the links, which would not notice.
    private static func refuseWaitingForTimes(_ windows: [Window], _ specs: [Spec]) throws(SpecError) {
        for window in windows {
            guard case .after(let awaited, _) = window.opening, windows[awaited - 1].link.isEmpty else { continue }
            throw specs[window.id - 1].error(
                "from", "waits for '\(windows[awaited - 1].name)', which strikes a process at a time",
                mend: "write that time here too")
        }
    }

    /// Windows that wait for one another in a circle would never open.
    private static func refuseCircles(_ windows: [Window], _ specs: [Spec]) throws(SpecError) {
        for window in windows {
            var path = [window]
            while case .after(let awaited, _) = path[path.count - 1].opening, path.count <= windows.count {
                path.append(windows[awaited - 1])
                guard awaited == window.id else { continue }
                let chain = path.dropFirst().map { "waits for '\($0.name)'" }.joined(separator: ", which ")
                throw specs[window.id - 1].error(
                    "from", "never comes: '\(window.name)' \(chain)",
                    mend: "let one of them open at a time, such as 'from: 0s'")
            }
        }
    }
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

extension SpecType where Value == Window.Opening {
    /// A duration, or `{ after: NAME, strikes: N }`.
    ///
    /// - Parameters:
    ///   - id: of the window that opens.
    ///   - names: the windows that can be waited for, by name.
    static func opening(of id: Int, _ names: [String: Int]) -> SpecType {
        SpecType(example: "0s") { node, place throws(SpecError) in
            guard case .mapping = node.content else {
                return .at(try SpecType<Duration>.duration.read(node, place))
            }
            var spec = try Spec(node, at: place)
            let name = try spec.required("after", .name)
            let strikes = try spec.optional("strikes", .int(in: 1...1_000_000_000)) ?? 1
            try spec.finish()
            guard let awaited = names[name] else {
                throw spec.error(
                    "after", "names no window: '\(name)'",
                    mend: names.isEmpty
                        ? "give the window that is meant a name: 'name: \(name)'"
                        : Suggestion.known(names.keys.sorted(), plural: "windows", insteadOf: name))
            }
            guard awaited != id else {
                throw spec.error("after", "is the window itself: '\(name)'", mend: "name another window")
            }
            return .after(window: awaited, strikes: strikes)
        }
    }
}
