import Faults

/// Fills in `${VAR}` and `${VAR:-default}` from the environment, so that passwords need not be in a file. `$${` is a plain `${`.
/// Only values are filled in, keys are not; what is filled in isn't looked at again.
struct Substitution {
    var variables: [String: String]

    func fill(_ node: SpecNode, at place: SpecPlace) throws(SpecError) -> SpecNode {
        switch node.content {
        case .empty:
            return node
        case .scalar(let text):
            let here = SpecPlace(file: place.file, path: place.path, mark: node.mark)
            return SpecNode(.scalar(try fill(text, at: here)), at: node.mark, isQuoted: node.isQuoted)
        case .sequence(let nodes):
            var filled: [SpecNode] = []
            for (index, element) in nodes.enumerated() {
                filled.append(try fill(element, at: place.element(index, at: element.mark)))
            }
            return SpecNode(.sequence(filled), at: node.mark)
        case .mapping(let entries):
            var filled: [SpecNode.Entry] = []
            for entry in entries {
                var entry = entry
                entry.node = try fill(entry.node, at: place.option(entry.key, at: entry.node.mark))
                filled.append(entry)
            }
            return SpecNode(.mapping(filled), at: node.mark)
        }
    }

    private func fill(_ text: String, at place: SpecPlace) throws(SpecError) -> String {
        guard text.contains("${") else { return text }
        var output = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            output += rest[..<start.lowerBound]
            if output.last == "$" {
                output += "{"
                rest = rest[start.upperBound...]
                continue
            }
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw place.error(
                    "has a '${' without its '}'", mend: "write ${NAME}, or $${ for the characters themselves")
            }
            output += try value(rest[start.upperBound..<end], at: place)
            rest = rest[rest.index(after: end)...]
        }
        return output + rest
    }

    private func value(_ reference: Substring, at place: SpecPlace) throws(SpecError) -> String {
        let border = reference.firstRange(of: ":-")
        let name = String(border.map { reference[..<$0.lowerBound] } ?? reference)
        guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
            throw place.error(
                "has '${\(reference)}', which names no variable", mend: "write ${NAME} or ${NAME:-default}")
        }
        let known = variables[name]
        if let border { return known.flatMap { $0.isEmpty ? nil : $0 } ?? String(reference[border.upperBound...]) }
        guard let known else {
            throw place.error(
                "asks for the variable \(name), which is not set", mend: "set it, or write ${\(name):-default}")
        }
        return known
    }
}
