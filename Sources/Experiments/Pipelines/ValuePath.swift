package import Stores

/// Where something stands in a JSON value: `state`, `data.items.0.id`. Pure.
package struct ValuePath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ path: String) { description = path }

    /// Nil where there is nothing. A number behind a dot is a list's element, counted from 0.
    package func value(in value: JSON) -> JSON? {
        var here = value
        for part in description.split(separator: ".") {
            switch here {
            case .object(let members):
                guard let next = members[String(part)] else { return nil }
                here = next
            case .array(let elements):
                guard let index = Int(part), elements.indices.contains(index) else { return nil }
                here = elements[index]
            default:
                return nil
            }
        }
        return here
    }

    /// A text or a number that stands there, as text; nil for anything else, and for a text without a character.
    package func text(in value: JSON) -> String? {
        switch self.value(in: value) {
        case .string(let text): text.isEmpty ? nil : text
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        default: nil
        }
    }
}
