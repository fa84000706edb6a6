import ArgumentParser
import Experiments
import Foundation
import Stack

/// Says what experiments would break, and breaks nothing.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Prints what experiments would break, ask for and claim. Breaks nothing, opens nothing.",
        discussion: """
            Examples:
              faultline plan faults/s3/missing-content-type.yaml
              faultline plan faults --format json

            Exit codes: 0 printed, 64 bad usage or a bad file, 70 a fault of faultline's own.
            """)

    @Argument(help: ArgumentHelp("Experiment files, or folders of them.", valueName: "file"))
    var files: [String]

    @OptionGroup var system: SystemOption

    @OptionGroup var engine: EngineOption

    @Option(help: "The seed that documents would be made from.")
    var seed: UInt64 = 1

    @Option(help: "How to print it.")
    var format: OutputFormat = .text

    func run() async throws {
        let command = self
        try await Failure.reported {
            let root = (try? StackHome.standard().project) ?? "."
            let system = try command.system.read()
            let engine = try command.engine.choice(for: system)
            let outlines = try ExperimentPaths.files(command.files).map {
                let outline = try ExperimentOutline(
                    path: $0, root: root, system: system, engine: engine, seed: command.seed)
                if let missing = outline.missing {
                    throw EngineOption.lacks(missing, struckBy: outline.experiment)
                }
                return outline
            }
            guard command.format == .text else { return try Console.json(["experiments": outlines]) }
            for (index, outline) in outlines.enumerated() {
                if index > 0 { Console.output("") }
                Console.output(OutlineText(outline: outline))
            }
        }
    }
}

/// An outline for people.
struct OutlineText: CustomStringConvertible {
    var outline: ExperimentOutline

    var description: String {
        let workload = outline.workload
        let kinds = ["ingest", "re-ingest", "delete", "duplicate"].compactMap { kind in
            workload.submissions[kind].map { "\($0) \(kind)" }
        }
        let sections: [(String, [String])] = [
            ("pipeline", [outline.pipeline]), ("workers", outline.workers),
            (
                "links",
                table(
                    outline.links.map { [$0.name, $0.protocol, "\($0.listen) -> \($0.upstream)", struck($0.windows)] })
            ),
            ("faults", outline.windows.flatMap(lines)),
            (
                "workload",
                [
                    "\(workload.documents) submissions (\(workload.formats.joined(separator: ", "))), \(workload.bytes) bytes in all, "
                        + "\(workload.concurrency) at a time",
                    "of which " + (kinds.isEmpty ? "none" : kinds.joined(separator: ", ")),
                    "before them, without faults: \(workload.baseline) documents",
                ]
            ),
            ("expected", table(outline.expectations.map { [$0.name, $0.claim] })),
            ("always judged", table(outline.invariants.map { [$0.name, $0.claim] })),
            ("made", outline.made), ("deleted", outline.deleted),
        ]
        let body = sections.filter { $0.0 != "workers" || !$0.1.isEmpty }.flatMap { name, lines in
            ["  \(name)"] + (lines.isEmpty ? ["nothing"] : lines).map { "    \($0)" }
        }
        return (["\(outline.experiment): \(outline.title)"] + body).joined(separator: "\n")
    }

    private func lines(_ window: ExperimentOutline.Window) -> [String] {
        [
            "on \(window.link): \(window.fault)",
            "  \(window.summary)", "  strikes: \(window.strikes)", "  from \(window.from) until \(window.until)",
        ]
    }

    private func struck(_ windows: Int) -> String { windows == 0 ? "" : "(\(windows) fault\(windows == 1 ? "" : "s"))" }

    private func table(_ rows: [[String]]) -> [String] {
        guard let columns = rows.first?.count else { return [] }
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }
}
