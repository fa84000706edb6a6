import Faults
import Foundation
import Testing

/// The reference in docs/faults.md is the catalogue's.
struct ReferenceTests {
    private func page() throws -> String {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../../docs/faults.md")
        return try String(contentsOf: path, encoding: .utf8)
    }

    @Test func itIsNotStale() throws {
        let page = try page()
        #expect(FaultMarkdown.renewed(page) == page, "docs/faults.md is stale: run 'make docs'")
    }

    @Test func whatStandsBetweenTheMarksIsReplaced() {
        let page = "above\n\(FaultMarkdown.begin)\nold\n\(FaultMarkdown.end)\nbelow\n"
        let renewed = FaultMarkdown.renewed(page)
        #expect(
            renewed == "above\n\(FaultMarkdown.begin)\n\n\(FaultMarkdown.text)\n\(FaultMarkdown.end)\nbelow\n")
        #expect(renewed.flatMap(FaultMarkdown.renewed) == renewed)
        for page in ["", FaultMarkdown.begin, "\(FaultMarkdown.end) \(FaultMarkdown.begin)"] {
            #expect(FaultMarkdown.renewed(page) == nil)
        }
    }

    @Test func everyFaultStandsUnderOneHeading() {
        #expect(FaultCatalogue.groups.map(\.group) == FaultGroup.allCases)
        let rows = FaultMarkdown.text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(
            rows.map { String($0.prefix { $0 != ":" && $0 != " " || $0 == "|" }) }.count == FaultCatalogue.all.count)
        for (row, fault) in zip(rows, FaultCatalogue.all) {
            #expect(row.hasPrefix("| `\(fault.injection)` |"))
            #expect(row.split(separator: " | ").count >= 5, "a bar in a cell would be one more column: \(row)")
        }
    }
}
