package import Stores

/// A JSON value whose texts have placeholders in them: the body of a request, an argument of a workflow. Pure.
package indirect enum ValueTemplate: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text(String)
    case list([ValueTemplate])
    case members([String: ValueTemplate])

    /// - Parameter fill: gives a text back with its placeholders filled in.
    package func json(_ fill: (String) -> String) -> JSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .text(let text): .string(fill(text))
        case .list(let values): .array(values.map { $0.json(fill) })
        case .members(let members): .object(members.mapValues { $0.json(fill) })
        }
    }

    /// All texts in it.
    package var texts: [String] {
        switch self {
        case .null, .bool, .int, .double: []
        case .text(let text): [text]
        case .list(let values): values.flatMap(\.texts)
        case .members(let members): members.values.flatMap(\.texts)
        }
    }
}
