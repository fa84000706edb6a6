import Faults
import Yams

/// Turns Yams' nodes into ours: aliases filled in, `<<` merged, lines kept. An aliased value keeps the line of its anchor.
struct YAMLConverter {
    let place: SpecPlace
    var nodesLeft: Int

    mutating func convert(_ node: Node) throws(SpecError) -> SpecNode {
        let mark = node.mark.map { SpecNode.Mark(line: $0.line, column: $0.column) } ?? place.mark
        nodesLeft -= 1
        guard nodesLeft > 0 else {
            throw error("is too large once its aliases are filled in", mark, mend: "use fewer aliases of aliases")
        }
        switch node {
        case .scalar(let scalar):
            let content: SpecNode.Content = Self.isNull(scalar) ? .empty : .scalar(scalar.string)
            return SpecNode(content, at: mark, isQuoted: ![.plain, .any].contains(scalar.style))
        case .sequence(let sequence):
            var elements: [SpecNode] = []
            for element in sequence { elements.append(try convert(element)) }
            return SpecNode(.sequence(elements), at: mark)
        case .mapping(let mapping):
            return SpecNode(.mapping(try entries(mapping, mark)), at: mark)
        case .alias:
            throw error("has an alias without its anchor", mark)
        }
    }

    private mutating func entries(
        _ mapping: Node.Mapping, _ mark: SpecNode.Mark
    ) throws(SpecError) -> [SpecNode.Entry] {
        var own: [SpecNode.Entry] = []
        var merged: [SpecNode.Entry] = []
        for (key, value) in mapping {
            guard case .scalar(let word) = key else {
                throw error("has a key that is no plain word", mark, mend: "keys are words, such as 'delay'")
            }
            let mark = word.mark.map { SpecNode.Mark(line: $0.line, column: $0.column) } ?? mark
            let node = try convert(value)
            if word.string == "<<", word.style == .plain {
                merged += try Self.merged(node, self)
            } else {
                own.append(SpecNode.Entry(key: word.string, mark: mark, node: node))
            }
        }
        // What the mapping says itself goes before what it merges, and an earlier merge before a later one.
        for entry in merged where !own.contains(where: { $0.key == entry.key }) { own.append(entry) }
        return own
    }

    private static func merged(_ node: SpecNode, _ converter: YAMLConverter) throws(SpecError) -> [SpecNode.Entry] {
        switch node.content {
        case .mapping(let entries):
            return entries
        case .sequence(let nodes):
            var entries: [SpecNode.Entry] = []
            for node in nodes { entries += try merged(node, converter) }
            return entries
        case .empty, .scalar:
            throw converter.error("merges \(node.summary) with '<<'", node.mark, mend: "only mappings can be merged")
        }
    }

    /// Nothing, or a plain word for it. In quotes the same word is a text.
    private static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private func error(_ what: String, _ mark: SpecNode.Mark, mend: String? = nil) -> SpecError {
        SpecError(file: place.file, line: mark.line, path: place.path, what: what, mend: mend)
    }
}
