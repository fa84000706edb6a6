extension SpecType where Value == String {
    package static var string: SpecType { .scalar("a text", example: "text") { $0 } }

    /// A text with at least one character.
    package static var name: SpecType { .scalar("a name", example: "name") { $0.isEmpty ? nil : $0 } }
}

extension SpecType where Value == Bool {
    package static var bool: SpecType {
        .scalar("true or false", example: "true") { ["true": true, "false": false][$0] }
    }
}

extension SpecType where Value == Int {
    package static func int(in range: ClosedRange<Int> = .min ... .max) -> SpecType {
        let noun = "a whole number" + bounds(range.lowerBound == .min, range.upperBound == .max, range)
        let example = range.contains(1) ? 1 : range.lowerBound
        return .scalar(noun, example: "\(example)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SpecType where Value == Double {
    package static func double(
        in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
    ) -> SpecType {
        let open = (
            range.lowerBound == -.greatestFiniteMagnitude, range.upperBound == .greatestFiniteMagnitude
        )
        return .scalar("a number" + bounds(open.0, open.1, range), example: "1.5") { text in
            Quantity.number(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

/// ` from 1 to 10`, ` of at least 1`, ` of at most 10` or nothing.
private func bounds<Bound>(_ openBelow: Bool, _ openAbove: Bool, _ range: ClosedRange<Bound>) -> String {
    switch (openBelow, openAbove) {
    case (true, true): ""
    case (false, true): " of at least \(range.lowerBound)"
    case (true, false): " of at most \(range.upperBound)"
    case (false, false): " from \(range.lowerBound) to \(range.upperBound)"
    }
}
