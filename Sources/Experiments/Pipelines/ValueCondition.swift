package import Stores

/// What a returned value must be like. Pure.
package enum ValueCondition: Hashable, Sendable {
    /// The whole of it is one of these.
    case whole([JSON])
    /// At each of these places stands one of its values. What isn't there is no value, not even null.
    case places([ValuePath: [JSON]])

    package func isMet(by value: JSON) -> Bool {
        switch self {
        case .whole(let wanted): Self.has(wanted, value)
        case .places(let places):
            places.allSatisfy { path, wanted in path.value(in: value).map { Self.has(wanted, $0) } ?? false }
        }
    }

    /// `1` and `1.0` are one number.
    private static func has(_ wanted: [JSON], _ found: JSON) -> Bool {
        wanted.contains { one in
            switch (one, found) {
            case (.int(let left), .double(let right)), (.double(let right), .int(let left)): Double(left) == right
            default: one == found
            }
        }
    }
}
