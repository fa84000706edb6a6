extension SpecType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the raw values of an enumeration.
    package static var choice: SpecType {
        let known = Value.allCases.map(\.rawValue)
        return SpecType(example: known.first ?? "") { node, place throws(SpecError) in
            if case .scalar(let text) = node.content {
                if let value = Value(rawValue: text) { return value }
                throw place.error(
                    "has no value '\(text)'", mend: Suggestion.known(known, plural: "values", insteadOf: text))
            }
            throw place.error(
                "must be one of \(known.joined(separator: ", ")), not \(node.summary)")
        }
    }
}
