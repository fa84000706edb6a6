import ArgumentParser
import Faults
import Foundation
import Ingestion
import Wire

/// The kinds of fault that experiments can inject.
struct FaultsCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "Lists the faults that experiments can inject, or explains one.")

    @Argument(help: "A fault to explain; all are listed without it.")
    var name: String?

    @Option(help: "How to print them. Markdown is what docs/faults.md has of them.")
    var format: Format = .text

    @Option(help: "Puts the Markdown in this file, between its marks.")
    var into: String?

    func validate() throws {
        guard into != nil || (format == .markdown && name != nil) else { return }
        guard format == .markdown, name == nil else {
            throw ValidationError("Markdown is of all faults: leave the name out, and write '--format markdown'")
        }
    }

    func run() async throws {
        try await Failure.told { try print() }
    }

    private func print() throws {
        let faults = try chosen()
        switch format {
        case .json: try Console.json(faults.map { FaultEntry($0) })
        case .markdown: try into.map { try renew($0) } ?? Console.output(FaultMarkdown.text)
        case .text:
            let text = FaultText(width: TerminalWidth.ofOutput)
            Console.output(name == nil ? text.list : text.explanation(of: faults[0]))
        }
    }

    private func chosen() throws -> [any Fault.Type] {
        guard let name else { return FaultCatalogue.all }
        guard let fault = FaultCatalogue.all.first(where: { $0.kind == name }) else {
            let nearest = Suggestion.nearest(to: name, in: FaultCatalogue.all.map { $0.kind })
            let mend = nearest.map { "did you mean '\($0)'?" } ?? "'faultline faults' lists them all"
            throw UsageError(description: "there is no fault '\(name)'; \(mend)")
        }
        return [fault]
    }

    private func renew(_ path: String) throws {
        let page = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        guard let renewed = FaultMarkdown.renewed(page) else {
            throw UsageError(
                description: "\(path) has no place for them; write these two lines in it:\n"
                    + "\(FaultMarkdown.begin)\n\(FaultMarkdown.end)")
        }
        try Data(renewed.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
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
