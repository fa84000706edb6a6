/// A number with a unit, as people write it. Exact: it never goes through floating point.
struct Quantity {
    /// Decimal digits that a number may have before and after the point.
    private static let digitsMax = 15

    let whole: Int
    /// Digits after the point.
    let fraction: [Int]
    let unit: String

    /// Nil unless the text is digits, perhaps a point and digits, then a unit (perhaps none).
    init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts.contains(where: \.isEmpty),
            parts.allSatisfy({ $0.count <= Self.digitsMax }), let whole = Int(parts[0])
        else { return nil }
        self.whole = whole
        fraction = parts.count == 2 ? parts[1].compactMap(\.wholeNumberValue) : []
        unit = String(text[number.endIndex...].drop { $0 == " " })
    }

    /// The quantity in the small unit of which `size` make one of the written unit. Nil when that isn't whole, or is too large.
    func times(_ size: Int) -> Int? {
        var (total, overflow) = whole.multipliedReportingOverflow(by: size)
        var rest = size
        for digit in fraction where !overflow {
            // A digit behind the smallest unit can only be zero.
            guard rest % 10 == 0 else {
                return Self.inexact(whole: whole, fraction: fraction, size: size)
            }
            rest /= 10
            (total, overflow) = total.addingReportingOverflow(digit * rest)
        }
        return overflow ? nil : total
    }

    /// For sizes that are no power of ten: `1.5KiB`.
    private static func inexact(whole: Int, fraction: [Int], size: Int) -> Int? {
        var numerator = whole
        var scale = 1
        for digit in fraction {
            let (tenfold, overflow) = numerator.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            numerator = tenfold + digit
            scale *= 10
        }
        let (total, overflow) = numerator.multipliedReportingOverflow(by: size)
        return overflow || total % scale != 0 ? nil : total / scale
    }

    /// A plain finite number: no `nan`, `inf` or hexadecimal.
    static func number(_ text: String) -> Double? {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }), let number = Double(text),
            number.isFinite
        else { return nil }
        return number
    }
}
