import Faults

/// Words in braces that a text has filled in later: `{document}`.
enum Placeholders {
    /// Those in the text, without their braces. Braces around anything but a plain word are ordinary characters.
    static func names(in text: String) -> [String] {
        text.matches(of: /\{([A-Za-z][A-Za-z0-9_.-]*)\}/).map { String($0.output.1) }
    }

    /// - Parameter value: nil leaves the placeholder as it is.
    static func fill(_ text: String, _ value: (String) -> String?) -> String {
        text.replacing(/\{([A-Za-z][A-Za-z0-9_.-]*)\}/) { match in
            value(String(match.output.1)) ?? String(match.output.0)
        }
    }
}

extension SpecType where Value == String {
    /// A text with placeholders. A misspelt one is refused.
    /// - Parameter needed: one of these must be there; empty: none needs to be.
    static func template(
        _ noun: String, example: String, known: [String], needed: [String] = []
    ) -> SpecType {
        SpecType(example: "\"\(example)\"") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content, !text.isEmpty else {
                throw place.error("must be \(noun), not \(node.summary)", mend: "write it in quotes: \"\(example)\"")
            }
            let names = Placeholders.names(in: text)
            if let stray = names.first(where: { !known.contains($0) }) {
                throw place.error(
                    "has an unknown placeholder '{\(stray)}'",
                    mend: Suggestion.known(known, plural: "placeholders", insteadOf: stray))
            }
            guard needed.isEmpty || names.contains(where: needed.contains) else {
                let wanted = needed.map { "{\($0)}" }.joined(separator: " or ")
                throw place.error("has no \(wanted) in it: '\(text)'", mend: "write one such as \(example)")
            }
            return text
        }
    }
}
