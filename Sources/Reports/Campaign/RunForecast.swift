package import Experiments
import Foundation

/// How long runs will take: as long as the last run of the same experiment that left its folder, or what the declared size suggests.
package struct RunForecast: Sendable {
    private struct Earlier: Decodable {
        var experiment: String
        var seconds: Double
    }

    /// Folders of one experiment that are looked into.
    private static let triesMax = 3
    private static let secondsBase = 3.0
    private static let secondsPerDocument = 0.05

    private let parent: String
    /// The newest first.
    private let folders: [String]

    /// - Parameter parent: usually `runs`; it need not be there.
    package init(in parent: String) {
        self.parent = parent
        folders = ((try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []).sorted(by: >)
    }

    /// Seconds.
    package func seconds(of experiment: Experiment) -> Double {
        let candidates = folders.lazy.filter { $0.dropFirst("yyyyMMdd-HHmmss".count).hasPrefix("-\(experiment.name)") }
        for folder in candidates.prefix(Self.triesMax) {
            guard let data = FileManager.default.contents(atPath: "\(parent)/\(folder)/verdict.json"),
                let earlier = try? JSONDecoder().decode(Earlier.self, from: data), earlier.experiment == experiment.name
            else { continue }
            return earlier.seconds
        }
        return Self.secondsBase + Double(experiment.workload.documents) * Self.secondsPerDocument
    }
}
