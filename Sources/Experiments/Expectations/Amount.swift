package import Faults

/// How many of some documents: `all`, `3` (exactly), `90%` (at least that share), or a range with an open end or none:
/// `1..`, `..3`, `2..5`, `10%..50%`.
package enum Amount: Hashable, Sendable {
    case all
    /// Exactly so many.
    case count(Int)
    /// At least this share, from 0 to 1.
    case share(Double)
    case counts(ClosedRange<Int>)
    /// From 0 to 1.
    case shares(ClosedRange<Double>)

    package func isMet(by count: Int, of all: Int) -> Bool {
        let (part, whole, tolerance) = (Double(count), Double(all), 1e-9)
        return switch self {
        case .all: count == all
        case .count(let exact): count == exact
        case .share(let least): part >= least * whole - tolerance
        case .counts(let range): range.contains(count)
        case .shares(let range):
            part >= range.lowerBound * whole - tolerance && part <= range.upperBound * whole + tolerance
        }
    }

    /// `all documents`, `exactly 1 document`, `from 10% to 50% of the documents`.
    package var words: String {
        switch self {
        case .all: "all documents"
        case .count(let count): "exactly \(Self.documents(count))"
        case .share(let share): "at least \(Self.percent(share)) of the documents"
        case .counts(let range) where range.upperBound == .max: "at least \(Self.documents(range.lowerBound))"
        case .counts(let range) where range.lowerBound == 0: "at most \(Self.documents(range.upperBound))"
        case .counts(let range): "from \(range.lowerBound) to \(Self.documents(range.upperBound))"
        case .shares(let range) where range.upperBound == 1:
            "at least \(Self.percent(range.lowerBound)) of the documents"
        case .shares(let range) where range.lowerBound == 0:
            "at most \(Self.percent(range.upperBound)) of the documents"
        case .shares(let range):
            "from \(Self.percent(range.lowerBound)) to \(Self.percent(range.upperBound)) of the documents"
        }
    }

    private static func documents(_ count: Int) -> String { count == 1 ? "1 document" : "\(count) documents" }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}

extension SpecType where Value == Amount {
    package static var amount: SpecType {
        .scalar("an amount", example: "all", mend: "write all, 48, 90%, or a range such as 1.., ..3 or 10%..50%") {
            text in
            if text == "all" { return .all }
            if let dots = text.firstRange(of: "..") {
                return range(String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
            }
            return count(text).map { .count($0) } ?? share(text).map { .share($0) }
        }
    }

    private static func range(_ low: String, _ high: String) -> Amount? {
        guard !low.isEmpty || !high.isEmpty else { return nil }
        if low.hasSuffix("%") || high.hasSuffix("%") {
            guard let least = low.isEmpty ? 0 : share(low), let most = high.isEmpty ? 1 : share(high), least <= most
            else { return nil }
            return .shares(least...most)
        }
        guard let least = low.isEmpty ? 0 : count(low), let most = high.isEmpty ? .max : count(high), least <= most
        else { return nil }
        return .counts(least...most)
    }

    private static func count(_ text: String) -> Int? {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(text)
    }

    private static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent),
            text.first != "-", text.first != "+"
        else { return nil }
        return percent / 100
    }
}
