/// A named thing with options: `refuse`, `latency: {delay: 5ms}` and `documents: {succeed: all}` are read so.
package struct SpecTag: Hashable, Sendable {
    /// The thing's name.
    package var name: String
    /// Where the name stands; errors about the name itself belong here.
    package var place: SpecPlace
    /// What was written behind the name; empty for a bare name.
    package var node: SpecNode

    /// Where the options stand.
    package var optionsPlace: SpecPlace { place.option(name, at: node.mark) }

    /// Reads the options. Those that `build` does not ask for are refused.
    package func read<Value: Sendable>(
        _ build: @escaping @Sendable (inout Spec) throws(SpecError) -> Value
    ) throws(SpecError) -> Value {
        try SpecType.mapping(build).read(node, optionsPlace)
    }

    /// - Parameters:
    ///   - noun: what the name should have been: `fault`.
    ///   - known: names that there are.
    package func unknown(_ noun: String, known: [String]) -> SpecError {
        place.error(
            "names no \(noun): '\(name)'", mend: Suggestion.known(known, plural: "\(noun)s", insteadOf: name))
    }
}

extension SpecType where Value == SpecTag {
    /// A bare name, or a mapping with exactly one key.
    package static var tag: SpecType {
        SpecType(example: "name: { ... }") { node, place throws(SpecError) in
            switch node.content {
            case .scalar(let name) where !name.isEmpty:
                return SpecTag(name: name, place: place, node: SpecNode(.empty, at: node.mark))
            case .mapping(let entries) where entries.count == 1:
                let here = SpecPlace(file: place.file, path: place.path, mark: entries[0].mark)
                return SpecTag(name: entries[0].key, place: here, node: entries[0].node)
            case .mapping(let entries) where entries.count > 1:
                let names = entries.map { "'\($0.key)'" }.joined(separator: ", ")
                throw place.error("must have one name, not \(names)", mend: "give each an entry of its own")
            default:
                throw place.error(
                    "must be a name, or 'name: { options }', not \(node.summary)")
            }
        }
    }
}
