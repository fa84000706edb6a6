import Faults

/// The reference of the faults as text for a terminal.
struct FaultText {
    /// Columns; lines are broken between words.
    var width: Int

    /// All of them, under the headings of their groups.
    var list: String {
        let groups = FaultCatalogue.groups.map { group, faults in
            "\(group.title.uppercased())\n\n" + faults.map { entry($0) }.joined(separator: "\n")
        }
        return groups.joined(separator: "\n\n") + "\n\n"
            + wrapped("'faultline faults NAME' explains one, with an entry of an experiment as example.", indent: 0)
    }

    private func entry(_ fault: any Fault.Type) -> String {
        let options = fault.attributes.map { attribute in
            let fallback = attribute.fallback.map { "; else \($0)" } ?? ""
            return "\(attribute.name) (\(attribute.type)\(fallback))"
        }
        var lines = ["  \(fault.injection)"]
        lines.append(wrapped(fault.summary, indent: 6))
        if !options.isEmpty { lines.append(wrapped("options: \(options.joined(separator: ", "))", indent: 6)) }
        lines.append(wrapped("links: \(fault.links); strikes: \(fault.struck)", indent: 6))
        return lines.joined(separator: "\n")
    }

    /// One of them, with all that there is to say of it.
    func explanation(of fault: any Fault.Type) -> String {
        var parts = [fault.kind, wrapped(fault.summary, indent: 0)]
        parts.append(
            rows([
                ("links", fault.links), ("strikes", fault.struck), ("one strike", fault.strike),
            ]))
        if !fault.attributes.isEmpty {
            parts.append(
                "options\n" + rows(fault.attributes.map { ($0.name, Self.words($0)) }, indent: 2))
        }
        let section = fault.exampleSection.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        parts.append("example\n\(section)")
        return parts.joined(separator: "\n\n")
    }

    private static func words(_ attribute: FaultAttribute) -> String {
        let fallback = attribute.fallback.map { "; left out: \($0)" } ?? ""
        // What is one of few words is shown by them.
        let example = attribute.type.contains(" or ") ? "" : ", such as \(attribute.example)"
        return "\(attribute.type)\(example): \(attribute.meaning)\(fallback)"
    }

    /// Names and what they mean, side by side.
    private func rows(_ rows: [(name: String, text: String)], indent: Int = 0) -> String {
        let column = indent + 2 + (rows.map(\.name.count).max() ?? 0)
        return rows.map { name, text in
            let margin = String(repeating: " ", count: indent) + name
            let body = wrapped(text, indent: column)
            return margin + String(body.dropFirst(margin.count))
        }.joined(separator: "\n")
    }

    private func wrapped(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(margin + word)
            }
        }
        return lines.joined(separator: "\n")
    }
}
