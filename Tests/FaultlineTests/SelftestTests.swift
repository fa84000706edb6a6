import Foundation
import Testing

/// Every planted defect is caught by its experiment, and the correct worker is accused by none.
@Suite struct SelftestTests {
    private struct Report: Decodable {
        struct Row: Decodable {
            var defect: String
            var verdict: String
            var correct: String
            var caughtBy: String
            var oracle: [String]
        }

        var defects: Int
        var caught: Int
        var falseAlarms: Int
        var rows: [Row]
    }

    private struct Verdict: Decodable {
        var verdict: String
        var reasons: [String]
    }

    /// What the runs of an experiment were judged by.
    private func reasons(of experiment: String, in runs: String) -> String {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
        return folders.filter { $0.contains(experiment) }.sorted().compactMap { folder in
            FileManager.default.contents(atPath: "\(runs)/\(folder)/verdict.json").flatMap {
                try? JSONDecoder().decode(Verdict.self, from: $0)
            }
        }.map { "\($0.verdict): \($0.reasons.joined(separator: "; "))" }.joined(separator: " | ")
    }

    @Test func everyDefectIsCaughtAndNobodyIsAccusedWrongly() async throws {
        let runs = NSTemporaryDirectory() + "faultline-selftest-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: runs) }
        let answer = try await Program.run([
            "selftest", "--seed", "1", "--format", "json", "--quiet", "--out", runs,
        ])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(Report.self, from: Data(answer.output.utf8))
        for row in report.rows {
            #expect(row.verdict == "violated" && !row.oracle.isEmpty, "\(row.defect) was not caught")
            #expect(
                row.correct == "held",
                "the correct worker was accused beside \(row.defect): \(reasons(of: row.caughtBy, in: runs))")
        }
        #expect(report.defects >= 55)
        #expect(report.caught == report.defects)
        #expect(report.falseAlarms == 0)
        #expect(answer.code == 0)
    }
}
