import Faults
import Stores

extension SpecType where Value == ValueTemplate {
    /// Any value. Numbers, `true`, `false` and nothing keep their type; what stands in quotes is a text.
    /// - Parameter known: placeholders that texts may have.
    static func value(known: [String]) -> SpecType {
        SpecType(example: "\"{document}\"") { node, place throws(SpecError) in
            try read(node, place, known)
        }
    }

    private static func read(
        _ node: SpecNode, _ place: SpecPlace, _ known: [String]
    ) throws(SpecError) -> ValueTemplate {
        switch node.content {
        case .empty:
            return .null
        case .scalar(let text):
            return node.isQuoted ? try self.text(node, place, known) : try plain(text, node, place, known)
        case .sequence(let nodes):
            var values: [ValueTemplate] = []
            for (index, node) in nodes.enumerated() {
                values.append(try read(node, place.element(index, at: node.mark), known))
            }
            return .list(values)
        case .mapping(let entries):
            if entries.count == 1, entries[0].node.content == .empty, known.contains(entries[0].key) {
                throw place.error(
                    "is a mapping, as YAML reads braces without quotes", mend: "write \"{\(entries[0].key)}\"")
            }
            var spec = try Spec(node, at: place)
            let values = try spec.all(value(known: known))
            return .members(Dictionary(values.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func plain(
        _ text: String, _ node: SpecNode, _ place: SpecPlace, _ known: [String]
    ) throws(SpecError) -> ValueTemplate {
        if let flag = ["true": true, "false": false][text] { return .bool(flag) }
        if let number = Int(text) { return .int(number) }
        // A version such as `1.2.3`, or a word such as `inf`, is a text.
        if text.wholeMatch(of: /[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d+)?/) != nil, let number = Double(text) {
            return .double(number)
        }
        return try self.text(node, place, known)
    }

    private static func text(
        _ node: SpecNode, _ place: SpecPlace, _ known: [String]
    ) throws(SpecError) -> ValueTemplate {
        guard node.content != .scalar("") else { return .text("") }
        return .text(
            try SpecType<String>.template("a text", example: "{document}", known: known).read(node, place))
    }
}

extension SpecType where Value == JSON {
    /// A scalar without placeholders.
    static var scalarValue: SpecType {
        SpecType(example: "done") { node, place throws(SpecError) in
            let value = try SpecType<ValueTemplate>.value(known: []).read(node, place)
            switch value {
            case .list, .members:
                throw place.error("must be a text, a number, true, false or null, not \(node.summary)")
            default: return value.json { $0 }
            }
        }
    }
}

extension SpecType where Value == ValuePath {
    /// Names with dots between them.
    static var path: SpecType {
        .scalar("a path", example: "data.status", mend: "write names with dots between them, such as data.status") {
            text in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.contains(where: \.isEmpty) ? nil : ValuePath(text)
        }
    }
}

extension SpecType where Value == ValueCondition {
    /// `{ status: success }`, `{ status: [queued, running] }`; without braces the value or values of the whole.
    static var condition: SpecType {
        SpecType(example: "{ status: done }") { node, place throws(SpecError) in
            guard case .mapping(let entries) = node.content else { return .whole(try values.read(node, place)) }
            guard !entries.isEmpty else {
                throw place.error("has no condition", mend: "write one such as { status: done }")
            }
            var places: [ValuePath: [JSON]] = [:]
            for entry in entries {
                let here = place.option(entry.key, at: entry.node.mark)
                let path = try SpecType<ValuePath>.path.read(SpecNode(.scalar(entry.key), at: entry.mark), here)
                places[path] = try values.read(entry.node, here)
            }
            return .places(places)
        }
    }

    private static var values: SpecType<[JSON]> {
        SpecType<[JSON]>(example: "done") { node, place throws(SpecError) in
            guard case .sequence = node.content else { return [try SpecType<JSON>.scalarValue.read(node, place)] }
            let values = try SpecType<[JSON]>.list(of: .scalarValue).read(node, place)
            guard !values.isEmpty else { throw place.error("is empty", mend: "name at least one value") }
            return values
        }
    }
}

extension ResultRule {
    /// Reads `result:`.
    init(spec: inout Spec) throws(SpecError) {
        self.init(
            succeeded: try spec.required("succeeded", .condition),
            rolledBack: try spec.optional("rolled-back", .condition),
            unknown: try spec.optional("unknown", .condition), id: try spec.optional("id", .path),
            reason: try spec.optional("reason", .path))
    }
}
