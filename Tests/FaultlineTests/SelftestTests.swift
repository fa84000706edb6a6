import Foundation
import Testing

/// Every planted defect is caught by its experiment, and the correct worker is accused by none.
@Suite struct SelftestTests {
    private struct Report: Decodable {
        struct Row: Decodable {
            var defect: String
            var verdict: String
            var correct: String
            var oracle: [String]
        }

        var defects: Int
        var caught: Int
        var falseAlarms: Int
        var rows: [Row]
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
            #expect(row.correct == "held", "the correct worker was accused beside \(row.defect)")
        }
        #expect(report.defects >= 55)
        #expect(report.caught == report.defects)
        #expect(report.falseAlarms == 0)
        #expect(answer.code == 0)
    }
}
