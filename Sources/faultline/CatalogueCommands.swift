import ArgumentParser
import Faults
import Ingestion
import Wire

/// The kinds of fault that experiments can inject.
struct FaultsCommand: ParsableCommand {
    private struct Entry: Encodable {
        var name: String
        var summary: String
        var protocols: [String]
        /// What it is asked about: `messages`, `connections` or `listeners`.
        var target: String
        var direction: String?
        /// What counts as one strike.
        var strike: String
        var example: String
    }

    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "Lists the faults that experiments can inject.")

    @Option(help: "How to print them.")
    var format: OutputFormat = .text

    func run() throws {
        let entries = FaultCatalogue.all.map { fault in
            Entry(
                name: fault.kind, summary: fault.summary, protocols: fault.protocols.map(\.rawValue),
                target: fault.target.rawValue, direction: fault.direction?.rawValue, strike: fault.strike,
                example: "\(fault.kind): \(fault.example)")
        }
        guard format == .text else { return try Console.json(entries) }
        Console.output(
            TextTable(
                head: ["EXAMPLE", "LINKS", "STRIKES", "WHAT IT DOES"],
                rows: entries.map { [$0.example, $0.protocols.joined(separator: ", "), $0.target, $0.summary] }))
    }
}

/// The bugs that can be planted in the reference worker.
struct DefectsCommand: ParsableCommand {
    private struct Row: Encodable {
        var name: String
        var title: String
        var effect: String
        var caughtBy: String
    }

    static let configuration = CommandConfiguration(
        commandName: "defects", abstract: "Lists the bugs that can be planted in the reference worker.")

    @Option(help: "How to print them.")
    var format: OutputFormat = .text

    func run() throws {
        let rows = Defect.registry.map {
            Row(name: $0.name, title: $0.title, effect: $0.effect, caughtBy: $0.caughtBy)
        }
        guard format == .text else { return try Console.json(rows) }
        Console.output(
            TextTable(
                head: ["DEFECT", "WHAT THE WORKER DOES WRONG", "CAUGHT BY"],
                rows: rows.map { [$0.name, $0.effect, $0.caughtBy] }))
    }
}
