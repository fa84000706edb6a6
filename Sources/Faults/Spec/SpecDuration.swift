extension SpecType where Value == Duration {
    /// `250ms`, `1.5s`, `2m`, `1h`, `0s`, `40us`. A bare number is refused: nobody could tell its unit.
    package static var duration: SpecType {
        SpecType(example: "250ms") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content, let quantity = Quantity(text) else {
                throw place.error(
                    "must be a duration, not \(node.summary)", mend: "write one such as 250ms, 1.5s, 2m or 1h")
            }
            guard !quantity.unit.isEmpty else {
                throw place.error("has no unit: '\(text)'", mend: "write \(text)ms or \(text)s")
            }
            guard let size = nanoseconds[quantity.unit] else {
                throw place.error("has an unknown unit: '\(text)'", mend: "durations end in us, ms, s, m or h")
            }
            guard let total = quantity.times(size) else {
                throw place.error(
                    "is too long or too fine a duration: '\(text)'", mend: "the finest step is a nanosecond")
            }
            return .nanoseconds(total)
        }
    }
}

extension SpecType where Value == Duration {
    /// A duration that is some time: for what nothing would happen without.
    package static var durationAboveZero: SpecType {
        SpecType(example: "250ms") { node, place throws(SpecError) in
            let duration = try SpecType<Duration>.duration.read(node, place)
            guard duration > .zero else {
                throw place.error("is no time at all", mend: "write one above zero, such as 250ms")
            }
            return duration
        }
    }
}

private let nanoseconds = [
    "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
]
