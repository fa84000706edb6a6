import Faults
import Foundation
import Testing
import Wire

/// The reference in docs/faults.md says what the catalogue says.
struct ReferenceTests {
    private static let head = """
        | fault | links | strikes | what happens | one strike is |
        |---|---|---|---|---|

        """

    private func row(_ fault: any Fault.Type) -> String {
        let protocols = fault.protocols.map(\.rawValue).joined(separator: ", ")
        let links = fault.protocols == LinkProtocol.allCases ? "all" : protocols
        let example = fault.example == "{}" ? fault.kind : "\(fault.kind): \(fault.example)"
        return "| `\(example)` | \(links) | \(struck(fault)) | \(fault.summary) | \(fault.strike) |\n"
    }

    private func struck(_ fault: any Fault.Type) -> String {
        switch (fault.target, fault.direction) {
        case (.messages, .request): "requests"
        case (.messages, .response): "answers"
        case (.messages, nil): "messages, both directions"
        case (.connections, _): fault.takesDirection ? "connections, both directions" : "connections"
        case (.listeners, _): "listeners"
        }
    }

    @Test func theTableIsTheCatalogues() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs/faults.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        let table = Self.head + FaultCatalogue.all.map(row).joined()
        #expect(text.contains(table + "\n"), "docs/faults.md must have this table:\n\(table)")
    }

    /// What the table shows can be written as it stands.
    @Test(arguments: FaultCatalogue.all.map { $0.kind }) func everyExampleIsOneThatCanBeWritten(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        let pairs = fault.example.dropFirst().dropLast().split(separator: ", ").filter { !$0.contains("{") }
        let options = pairs.map { pair in
            let parts = pair.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            return (parts[0], parts[1])
        }
        let link = fault.services?.first?.rawValue ?? (fault.protocols == [.postgres] ? "postgres" : "s3")
        let window = try Yaml.window(on: link, inject: kind, options: options)
        #expect(type(of: window.fault).kind == kind)
    }
}
