/// A value of PackStream, the encoding of Bolt.
package indirect enum BoltValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case bytes([UInt8])
    case string(String)
    case list([BoltValue])
    case map([String: BoltValue])
    /// A node (tag 0x4E), a relationship (0x52), a date and so on, by its raw fields.
    case structure(tag: UInt8, fields: [BoltValue])

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var int: Int? { if case .int(let value) = self { value } else { nil } }
    package var list: [BoltValue]? { if case .list(let values) = self { values } else { nil } }
    package var map: [String: BoltValue]? { if case .map(let entries) = self { entries } else { nil } }
    package subscript(key: String) -> BoltValue? { map?[key] }
}

extension BoltValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension BoltValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    package init(arrayLiteral elements: BoltValue...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, BoltValue)...) {
        self = .map(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
