import Wire

/// Reads an entry of `faults:` that strikes a process: `process: NAME`, and when.
enum ProcessWindowReader {
    static func window(
        _ id: Int, _ spec: inout Spec, links: [String: LinkTraits], processes: ProcessNames
    ) throws(SpecError) -> Window {
        let ownName = try spec.optional("name", .name)
        let name = try spec.required("process", .name)
        try refuseStrangers(spec, name, links, processes)
        let fault = try spec.required("inject", FaultCatalogue.processType)
        let which = try which(&spec, name, processes)
        let at = try spec.optional("at", .spec)
        let opening: Window.Opening = .at(try from(&spec))
        let closing = try WindowReader.closing(&spec, opening)
        try refuseContradictions(
            spec, fault, closing, isAtMessage: at != nil, isForgetful: processes.forgetful.contains(name), name)
        guard var at else {
            return Window(
                id: id, name: ownName, link: "", fault: fault, opening: opening, closing: closing,
                process: ProcessTarget(name, which: which))
        }
        let (link, stage, selector) = try message(&at, links)
        return Window(
            id: id, name: ownName, link: link, selector: selector, fault: fault, opening: opening, closing: closing,
            process: ProcessTarget(name, which: which, stage: stage))
    }

    private static func refuseStrangers(
        _ spec: Spec, _ name: String, _ links: [String: LinkTraits], _ processes: ProcessNames
    ) throws(SpecError) {
        if spec.keys.contains("on") {
            throw spec.error(
                "on", "stands beside 'process', and a window strikes one of them",
                mend: "write the link of a message that it waits for in 'at: { on: LINK }'")
        }
        if spec.keys.contains("when") {
            throw spec.error(
                "when", "selects messages that are struck, and the entry strikes a process",
                mend: "write 'at: { on: LINK, ... }' with the same selectors")
        }
        guard !processes.all.contains(name) else { return }
        if links[name] != nil {
            throw spec.error(
                "process", "is a link to no service of the native stack: '\(name)'",
                mend: "faultline ends and starts only what it runs: managed workers, and services of the native stack")
        }
        throw spec.error(
            "process", "names no process: '\(name)'",
            mend: processes.all.isEmpty
                ? "there is no managed worker and no service of the native stack here"
                : Suggestion.known(processes.all, plural: "processes", insteadOf: name))
    }

    private static func which(
        _ spec: inout Spec, _ name: String, _ processes: ProcessNames
    ) throws(SpecError) -> ProcessTarget.Which {
        guard let which = try spec.optional("which", .which) else { return .concerned }
        guard let count = processes.workers[name] else {
            throw spec.error("which", "chooses among workers, and '\(name)' is a service", mend: "leave it out")
        }
        if case .number(let number) = which, let count, number > count {
            throw spec.error(
                "which",
                "is \(number), and there \(count == 1 ? "is 1 process" : "are \(count) processes") of '\(name)'",
                mend: "they count from 1")
        }
        return which
    }

    private static func from(_ spec: inout Spec) throws(SpecError) -> Duration {
        guard let node = try spec.optional("from", .node) else { return .zero }
        guard case .mapping = node.content else { return try spec.optional("from", .duration) ?? .zero }
        throw spec.error(
            "from", "waits for another window, which a window that strikes a process does not",
            mend: "write 'at: { on: LINK, operation: ... }', or a time")
    }

    private static func refuseContradictions(
        _ spec: Spec, _ fault: any Fault, _ closing: Window.Closing, isAtMessage: Bool, isForgetful: Bool,
        _ name: String
    ) throws(SpecError) {
        if isAtMessage, case .at = closing {
            throw spec.error(
                "until", "is a time, and nobody knows when the message will come",
                mend: "write 'for: 5s', which counts from it")
        }
        let key = spec.keys.contains("for") ? "for" : "until"
        if fault.processAction == .restart, closing != .withPlan {
            throw spec.error(key, "says how long, and a restart is over at once", mend: "leave it out, or inject kill")
        }
        if case .kill(.some) = fault.processAction, closing != .withPlan {
            throw spec.error(key, "stands beside 'restart-after', which says the same", mend: "keep one of them")
        }
        if isForgetful, fault.processAction != .pause {
            throw spec.error(
                "inject", "ends '\(name)', which keeps its data in memory: the documents would be gone",
                mend: "inject pause, or refuse on its link")
        }
    }

    /// What `at: { on: LINK, stage: STAGE, ... }` waits for. Where nothing says how many, the first is meant.
    private static func message(
        _ at: inout Spec, _ links: [String: LinkTraits]
    ) throws(SpecError) -> (link: String, stage: ProcessTarget.Stage, selector: Selector) {
        let link = try at.required("on", .name)
        guard let traits = links[link] else {
            throw at.error(
                "on", "names no link: '\(link)'",
                mend: Suggestion.known(links.keys.sorted(), plural: "links", insteadOf: link))
        }
        let stage = try at.optional("stage", SpecType<ProcessTarget.Stage>.choice) ?? .received
        for key in ["direction", "per"] where at.keys.contains(key) {
            throw at.error(key, "is no matter here: 'stage' says which messages are looked at", mend: "leave it out")
        }
        if stage == .received, at.keys.contains("status") {
            throw at.error("status", "is known of answers alone", mend: "write 'stage: forwarded' beside it")
        }
        var selector = try SelectorReader.read(
            &at, of: try Watch(of: at.place), on: traits, direction: stage.direction)
        try at.finish()
        let counts = ["nth", "first", "first-per-call", "every", "probability", "at-most"]
        if !counts.contains(where: at.keys.contains) { selector.nth = 1 }
        return (link, stage, selector)
    }
}

extension Watch {
    /// It stands for what a window that strikes a process does to messages: it looks at them.
    fileprivate init(of place: SpecPlace) throws(SpecError) {
        var nothing = try Spec(SpecNode(.empty, at: place.mark), at: place)
        try self.init(spec: &nothing)
    }
}

extension SpecType where Value == ProcessTarget.Which {
    /// `all`, or a number from 1.
    fileprivate static var which: SpecType {
        .scalar("a number from 1, or all", example: "1", mend: "write 'which: 1', or 'which: all'") { text in
            if text == "all" { return .all }
            return Int(text).flatMap { $0 > 0 ? .number($0) : nil }
        }
    }
}
