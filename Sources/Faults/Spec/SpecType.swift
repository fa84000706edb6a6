/// How a value is read: `.duration`, `.int(in: 1...10)`, `.list(of: .string)`.
package struct SpecType<Value: Sendable>: Sendable {
    /// A value that a message may show.
    package let example: String
    package let read: @Sendable (SpecNode, SpecPlace) throws(SpecError) -> Value

    package init(
        example: String, read: @escaping @Sendable (SpecNode, SpecPlace) throws(SpecError) -> Value
    ) {
        self.example = example
        self.read = read
    }

    /// Reads a scalar.
    /// - Parameters:
    ///   - noun: what the value must be, with its article: `a duration`.
    ///   - mend: how to write one.
    ///   - parse: nil when the text isn't one.
    package static func scalar(
        _ noun: String, example: String, mend: String? = nil, _ parse: @escaping @Sendable (String) -> Value?
    ) -> SpecType {
        SpecType(example: example) { node, place throws(SpecError) in
            if case .scalar(let text) = node.content, let value = parse(text) { return value }
            throw place.error("must be \(noun), not \(node.summary)", mend: mend)
        }
    }

    /// The same values, seen otherwise.
    package func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> SpecType<Other> {
        SpecType<Other>(example: example) { node, place throws(SpecError) in
            transform(try read(node, place))
        }
    }

    /// A mapping with options of its own. Options that `build` does not ask for are refused.
    package static func mapping(
        _ build: @escaping @Sendable (inout Spec) throws(SpecError) -> Value
    ) -> SpecType {
        SpecType(example: "{ ... }") { node, place throws(SpecError) in
            var spec = try Spec(node, at: place)
            let value = try build(&spec)
            try spec.finish()
            return value
        }
    }

    /// A list; `[]` is one.
    package static func list<Element>(of element: SpecType<Element>) -> SpecType where Value == [Element] {
        SpecType(example: "[\(element.example)]") { node, place throws(SpecError) in
            guard case .sequence(let nodes) = node.content else {
                throw place.error("must be a list, not \(node.summary)", mend: "write [\(element.example)]")
            }
            var values: [Element] = []
            for (index, node) in nodes.enumerated() {
                values.append(try element.read(node, place.element(index, at: node.mark)))
            }
            return values
        }
    }
}

extension SpecType where Value == SpecNode {
    /// The value as it was written, for somebody else to interpret.
    package static var node: SpecType {
        SpecType(example: "...") { node, _ throws(SpecError) in node }
    }
}

extension SpecType where Value == Spec {
    /// A mapping that the caller reads, and must `finish()`.
    package static var spec: SpecType {
        SpecType(example: "{ ... }") { node, place throws(SpecError) in try Spec(node, at: place) }
    }
}
