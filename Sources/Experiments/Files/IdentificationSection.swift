import Faults

extension SpecType where Value == [IdentificationRule] {
    /// Rules by the names of their links; `key` is one pattern or a list of them.
    /// - Parameter links: the names of the file's links.
    static func identification(links: [String]) -> SpecType {
        .mapping { spec throws(SpecError) in
            var rules: [IdentificationRule] = []
            for link in spec.keys {
                guard links.contains(link) else {
                    throw spec.error(
                        link, "names no link", mend: Suggestion.known(links, plural: "links", insteadOf: link))
                }
                let keys = try spec.required(
                    link, .mapping { spec throws(SpecError) in try spec.required("key", .patterns) })
                rules += keys.map { IdentificationRule(link: link, key: $0) }
            }
            return rules
        }
    }
}

extension SpecType where Value == [String] {
    fileprivate static var patterns: SpecType {
        let pattern = SpecType<String>.template(
            "a pattern", example: "article:{document}", known: ["document", "source"], needed: ["document", "source"])
        return SpecType(example: pattern.example) { node, place throws(SpecError) in
            if case .sequence = node.content { return try SpecType.list(of: pattern).read(node, place) }
            return [try pattern.read(node, place)]
        }
    }
}
