import Testing

/// A page of metrics as Prometheus gets it.
struct ScrapedPage {
    let text: String
    /// By name and labels, as they stand there.
    private let samples: [String: String]

    init(_ text: String) throws {
        self.text = text
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        samples = try Dictionary(
            lines.map { line in
                let border = try #require(line.lastIndex(of: " "), "\(line)")
                return (String(line[..<border]), String(line[line.index(after: border)...]))
            }, uniquingKeysWith: { _, _ in throw DoubleSample() })
    }

    private struct DoubleSample: Error {}

    /// `nil` where there is no such sample.
    subscript(_ sample: String) -> Double? { samples[sample].flatMap { Double($0) } }

    /// Samples of a metric.
    func count(of name: String) -> Int { samples.keys.count { $0 == name || $0.hasPrefix(name + "{") } }
}

extension ControlPort {
    func scrape() async throws -> ScrapedPage {
        let answer = try await ask("GET", "/metrics")
        try #require(answer.status == 200, "\(answer)")
        return try ScrapedPage(answer.body)
    }
}
