/// One metric with all its samples, in Prometheus's text format 0.0.4.
///
/// Source: prometheus.io/docs/instrumenting/exposition_formats.
struct Metric {
    enum Kind: String { case counter, gauge, histogram }

    let name: String
    let kind: Kind
    let help: String
    private var samples = ""

    init(_ name: String, _ kind: Kind, _ help: String) {
        (self.name, self.kind, self.help) = (name, kind, help)
    }

    /// Adds a sample; labels come in the order that they are given in.
    mutating func add(_ value: Int, _ labels: KeyValuePairs<String, String> = [:]) { add("", labels, "\(value)") }

    mutating func add(seconds value: Double) { add("", [:], "\(value)") }

    /// Adds the samples of a histogram.
    ///
    /// - Parameters:
    ///   - buckets: observations by bucket, each in one, with its upper bound.
    ///   - rest: those above all bounds.
    mutating func add(
        _ labels: KeyValuePairs<String, String>, buckets: [(bound: Double, count: Int)], rest: Int, sum: Double
    ) {
        var count = 0
        for bucket in buckets {
            count += bucket.count
            add("_bucket", labels, le: "\(bucket.bound)", "\(count)")
        }
        count += rest
        add("_bucket", labels, le: "+Inf", "\(count)")
        add("_sum", labels, "\(sum)")
        add("_count", labels, "\(count)")
    }

    private mutating func add(
        _ suffix: String, _ labels: KeyValuePairs<String, String>, le: String? = nil, _ value: String
    ) {
        var pairs = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
        if let le { pairs.append("le=\"\(le)\"") }
        samples += name + suffix + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    /// Empty where there is no sample.
    var text: String {
        samples.isEmpty ? "" : "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n\(samples)"
    }
}
