/// Walks one mapping of a configuration file: remembers which options were asked for, and refuses the ones nobody asked for.
///
/// ```swift
/// init(spec: inout Spec) throws(SpecError) {
///     delay = try spec.required("delay", .duration)
///     jitter = try spec.optional("jitter", .duration) ?? .zero
///     distribution = try spec.optional("distribution", .choice) ?? .uniform
/// }
/// ```
/// Who makes a `Spec` calls `finish()` once all is read; `SpecType.mapping` does so by itself.
package struct Spec: Hashable, Sendable {
    package let place: SpecPlace
    private let entries: [SpecNode.Entry]
    /// Options asked for, in order: they are what the reader knows.
    private var known: [String] = []

    /// - Throws: when the node is no mapping, or has a key twice. Nothing at all counts as an empty mapping.
    package init(_ node: SpecNode, at place: SpecPlace) throws(SpecError) {
        self.place = place
        switch node.content {
        case .empty: entries = []
        case .mapping(let entries): self.entries = entries
        case .scalar, .sequence:
            throw place.error(
                "must be a mapping of options, not \(node.summary)", mend: "write 'option: value' lines in it")
        }
        var seen: [String: SpecNode.Mark] = [:]
        for entry in entries {
            if let first = seen.updateValue(entry.mark, forKey: entry.key) {
                throw SpecPlace(file: place.file, path: place.path, mark: entry.mark)
                    .error("has '\(entry.key)' twice", mend: "it was given in line \(first.line) before; keep one")
            }
        }
    }

    /// The whole of a file.
    package init(file: String, root: SpecNode) throws(SpecError) {
        try self.init(root, at: SpecPlace(file: file, path: "", mark: root.mark))
    }

    /// As it was written.
    package var node: SpecNode { SpecNode(.mapping(entries), at: place.mark) }

    /// The options that are there, read or not, in the file's order.
    package var keys: [String] { entries.map(\.key) }

    /// - Throws: when the option is missing, or isn't of that type.
    package mutating func required<Value>(_ key: String, _ type: SpecType<Value>) throws(SpecError) -> Value {
        if let value = try optional(key, type) { return value }
        let unread = entries.map(\.key).filter { !known.contains($0) }
        let meant = Suggestion.nearest(to: key, in: unread).map { "is '\($0)' meant to be it?" }
        throw place.error("needs the option '\(key)'", mend: meant ?? "add '\(key): \(type.example)'")
    }

    /// Nil when the option isn't there. An option without a value is there: a text, say, is then refused.
    package mutating func optional<Value>(_ key: String, _ type: SpecType<Value>) throws(SpecError) -> Value? {
        if !known.contains(key) { known.append(key) }
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return try type.read(entry.node, place.option(key, at: entry.node.mark))
    }

    /// Every option, for mappings whose keys are names chosen by the user.
    package mutating func all<Value>(_ type: SpecType<Value>) throws(SpecError) -> [(key: String, value: Value)] {
        var values: [(key: String, value: Value)] = []
        for entry in entries {
            if !known.contains(entry.key) { known.append(entry.key) }
            values.append((entry.key, try type.read(entry.node, place.option(entry.key, at: entry.node.mark))))
        }
        return values
    }

    /// - Throws: when there is an option that was never asked for.
    package func finish() throws(SpecError) {
        guard let stray = entries.first(where: { !known.contains($0.key) }) else { return }
        let here = SpecPlace(file: place.file, path: place.path, mark: stray.mark)
        throw here.error(
            "has no option '\(stray.key)'", mend: Suggestion.known(known, plural: "options", insteadOf: stray.key))
    }

    /// An error about the value of one option, at its line where the option is there.
    package func error(_ key: String, _ what: String, mend: String? = nil) -> SpecError {
        let mark = entries.first { $0.key == key }?.node.mark ?? place.mark
        return place.option(key, at: mark).error(what, mend: mend)
    }
}
