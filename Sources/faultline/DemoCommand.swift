import ArgumentParser
import Consistency
import Experiments
import Foundation
import Ingestion
import Reports
import Stack

/// One fault that a correct worker survives, and that a worker with a bug does not.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Shows a fault that the correct worker survives and a defective one does not.",
        discussion: "Exit code 0 only when both verdicts are as expected.")

    @Option(help: "Makes documents and random decisions repeat.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Where run folders go.", valueName: "folder"))
    var out = "runs"

    @Flag(help: "Leave the stack up that this command starts.")
    var keepStack = false

    private static let file = "faults/s3/missing-content-type.yaml"

    private struct Row: Sendable {
        var worker: String
        var expected: Verdict
        var finished: RunSession.Finished
        var isAsExpected: Bool { finished.result.verdict == expected }
    }

    func run() async throws {
        let command = self
        let isAsExpected = try await Failure.reported { try await command.show() }
        if !isAsExpected { throw ExitCode(1) }
    }

    private func show() async throws -> Bool {
        let root = try StackHome.standard().project
        let isHere = FileManager.default.fileExists(atPath: Self.file)
        let experiment = try Experiment.read(isHere ? Self.file : "\(root)/\(Self.file)", root: root)
        Console.output(
            """
            S3 answers every GetObject without its Content-Type header, as it once did in production, while \
            \(experiment.workload.documents) documents are ingested into PostgreSQL, Neo4j, Qdrant and Redis.
            The correct worker falls back on the document's name and must hold; the same worker with the defect \
            no-extension-fallback must be found out.

            """)
        let expected = RunForecast(in: out).seconds(of: experiment)
        let run = CampaignBoard.Run(name: experiment.name, seed: seed, expected: expected)
        let printer = RunPrinter(quiet: false, runs: [run, run])
        let seed = seed
        let rows = try await RunSession.with(
            engine: .temporal, printer: printer, parent: out, keepsStack: keepStack
        ) { session in
            var rows: [Row] = []
            for (worker, defects, expected) in [
                ("correct", [], Verdict.held), ("no-extension-fallback", [.noExtensionFallback], .violated),
            ] as [(String, Set<Defect>, Verdict)] {
                let finished = try await session.run(experiment, seed: seed, defects: defects)
                Console.output("\(VerdictText(finished.result, folder: finished.folder))")
                Console.output("")
                rows.append(Row(worker: worker, expected: expected, finished: finished))
            }
            return rows
        }
        Console.output("\(Self.table(rows))")
        return rows.allSatisfy(\.isAsExpected)
    }

    private static func table(_ rows: [Row]) -> TextTable {
        TextTable(
            head: ["WORKER", "EXPECTED", "VERDICT", "INGESTED", "FAULTS", "AS EXPECTED"],
            rows: rows.map { row in
                let result = row.finished.result
                return [
                    row.worker, row.expected.rawValue, result.verdict.rawValue,
                    "\(result.counts.succeeded) of \(result.counts.submitted)", "\(result.faultsFired)",
                    row.isAsExpected ? "yes" : "NO",
                ]
            })
    }
}
