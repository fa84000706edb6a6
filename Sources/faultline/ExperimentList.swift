import Experiments
import Foundation
import Reports

/// What `faultline run --list` prints.
struct ExperimentList {
    private struct Row: Encodable {
        var name: String
        var title: String
        var file: String
        var tags: [String]
        var documents: Int
        /// As the last run took, or as the declared size suggests.
        var secondsExpected: Double
    }

    private let rows: [Row]

    init(_ experiments: [Experiment], forecast: RunForecast) {
        rows = experiments.map { experiment in
            Row(
                name: experiment.name, title: experiment.title, file: experiment.file ?? "", tags: experiment.tags,
                documents: experiment.workload.documents,
                secondsExpected: (forecast.seconds(of: experiment) * 10).rounded() / 10)
        }
    }

    func show(as format: OutputFormat) throws {
        guard format == .text else { return try Console.json(rows) }
        Console.output(
            TextTable(
                head: ["EXPERIMENT", "DOCUMENTS", "ABOUT", "TAGS", "FILE"],
                rows: rows.map {
                    [
                        $0.name, "\($0.documents)", "\(Int($0.secondsExpected.rounded(.up))) s",
                        $0.tags.joined(separator: " "), $0.file,
                    ]
                }))
    }
}
