import Foundation

/// Numbers as a person reads them, the same in every locale.
enum Figures {
    /// `0.134 s`, `12.3 s`, `3 min 20 s`; three figures that matter, a real minus.
    static func seconds(_ seconds: Double) -> String {
        let size = abs(seconds)
        let sign = seconds < 0 && size >= 0.0005 ? "\u{2212}" : ""
        switch size {
        case ..<10: return sign + trimmed(String(format: "%.3f", size)) + " s"
        case ..<120: return sign + String(format: "%.1f", size) + " s"
        case ..<7200: return sign + "\(Int(size) / 60) min \(Int(size) % 60) s"
        default: return sign + "\(Int(size) / 3600) h \(Int(size) % 3600 / 60) min"
        }
    }

    /// Of a series, so that one can be compared with the next: `0.420`.
    static func milliseconds(nanoseconds: Int64) -> String {
        let text = String(format: "%.3f", Double(nanoseconds.magnitude) / 1e9)
        return nanoseconds < 0 ? "\u{2212}" + text : text
    }

    /// How long something takes that may be short: `32 ms`, `1.5 s`.
    static func span(_ seconds: Double) -> String {
        guard seconds < 1 else { return Figures.seconds(seconds) }
        return trimmed(String(format: seconds < 0.01 ? "%.2f" : "%.0f", seconds * 1000)) + " ms"
    }

    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let share = Double(part) * 100 / Double(whole)
        // Nothing but none is 0%, and nothing but all is 100%.
        if part > 0, share < 0.1 { return "< 0.1%" }
        if part < whole, share > 99.9 { return "> 99.9%" }
        return trimmed(String(format: "%.1f", share)) + "%"
    }

    /// `1 document`, `1,204 documents`.
    static func count(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    static func number(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return (number < 0 ? "\u{2212}" : "") + grouped
    }

    /// Of a picture's length, for SVG's attributes.
    static func position(_ share: Double) -> String { trimmed(String(format: "%.2f", share * 100)) + "%" }

    /// A length in a picture, to a tenth.
    static func short(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// `once`, `7 times`.
    static func times(_ count: Int) -> String { count == 1 ? "once" : "\(number(count)) times" }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        let short = String(text.reversed().drop { $0 == "0" }.reversed())
        return short.hasSuffix(".") ? String(short.dropLast()) : short
    }

    /// `2026-11-24 06:00:00 UTC`.
    static func moment(_ date: Date) -> String {
        date.formatted(.iso8601.dateTimeSeparator(.space)).replacing("Z", with: " UTC")
    }

    /// Whole seconds: `7 s`, `1 min 05 s`, `2 h 03 min`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds))
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(String(format: "%02d", whole % 60)) s"
        default: return "\(whole / 3600) h \(String(format: "%02d", whole % 3600 / 60)) min"
        }
    }
}
