import ArgumentParser
import Consistency
import Experiments
import Foundation
import Ingestion
import Reports
import Stack

/// Plants each defect in the reference worker and runs the experiment that is to catch it.
struct SelftestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Proves that the experiments find the bugs that they claim to find.",
        discussion: """
            Runs each experiment with the correct worker, which must hold, and then with each planted defect that it is to \
            catch, which must be violated. Takes about ten minutes.

            Examples:
              faultline selftest
              faultline selftest --defect no-compensation --defect no-timeout
              faultline selftest --seed 7 --format json

            Exit codes: 0 all are caught and nobody is accused wrongly, 1 otherwise.
            """)

    @Option(help: "Plants only this defect: see `faultline defects`. May be given again.")
    var defect: [Defect] = []

    @Option(help: "Makes documents and random decisions repeat; drawn, and printed, when it is not given.")
    var seed: UInt64?

    @OptionGroup var engine: EngineOption

    @Option(help: ArgumentHelp("Where run folders go.", valueName: "folder"))
    var out = "runs"

    @Flag(help: "Print nothing but the result and errors.")
    var quiet = false

    @Option(help: "How to print the result on standard output.")
    var format: OutputFormat = .text

    @Flag(help: "Leave the stack up that this command starts.")
    var keepStack = false

    func run() async throws {
        let command = self
        let isPassed = try await Failure.reported { try await command.test() }
        if !isPassed { throw ExitCode(1) }
    }

    private func test() async throws -> Bool {
        let root = try StackHome.standard().project
        let entries = Defect.registry.filter { defect.isEmpty || defect.contains($0.defect) }
        let experiments = try catchers(of: entries, root: root)
        let seed = seed ?? UInt64.random(in: 1...999_999)
        let out = out
        let forecast = RunForecast(in: out)
        let names = experiments.keys.sorted()
        let board = (names + entries.map(\.caughtBy)).map { name in
            CampaignBoard.Run(name: name, seed: seed, expected: forecast.seconds(of: experiments[name]!))
        }
        let printer = RunPrinter(quiet: quiet, runs: board)
        let report = try await RunSession.with(
            engine: engine.engine ?? .embedded, printer: printer, parent: out, keepsStack: keepStack
        ) { session in
            var correct: [String: Verdict] = [:]
            for name in names {
                correct[name] = try await session.run(experiments[name]!, seed: seed, defects: []).result.verdict
                printer.say("\(name): \(correct[name]!.rawValue) by the correct worker")
            }
            var runs: [(entry: Defect.Entry, result: RunResult, folder: String)] = []
            for entry in entries {
                let finished = try await session.run(
                    experiments[entry.caughtBy]!, seed: seed, defects: [entry.defect])
                printer.say("\(entry.caughtBy): \(finished.result.verdict.rawValue) with \(entry.name)")
                runs.append((entry, finished.result, finished.folder))
            }
            return SelftestReport(runs, correct: correct)
        }
        switch format {
        case .json: try Console.json(report)
        case .text: Console.output(Self.text(report, seed: seed))
        }
        return report.isPassed
    }

    /// The experiments that are to catch these defects, by name.
    private func catchers(of entries: [Defect.Entry], root: String) throws -> [String: Experiment] {
        // As it would be typed in the project's folder, so that replay commands read well.
        let isHere = FileManager.default.fileExists(atPath: "faults")
        let files = try ExperimentPaths.files([isHere ? "faults" : "\(root)/faults"])
        let all = try files.map { try Experiment.read($0, root: root) }
        let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return try entries.reduce(into: [:]) { catchers, entry in
            guard let experiment = byName[entry.caughtBy] else {
                throw UsageError(description: "no experiment under \(root)/faults is named \(entry.caughtBy)")
            }
            catchers[entry.caughtBy] = experiment
        }
    }

    private static func text(_ report: SelftestReport, seed: UInt64) -> String {
        let table = TextTable(
            head: ["DEFECT", "EXPERIMENT", "CORRECT", "DEFECTIVE", "CAUGHT BY"],
            rows: report.rows.map { row in
                [
                    row.defect, row.caughtBy, row.correct.rawValue, row.verdict.rawValue,
                    row.isCaught ? row.oracle.joined(separator: ", ") : "NOT CAUGHT: see \(row.folder)",
                ]
            })
        return """
            \(report.caught) of \(report.defects) defects caught, \(report.falseAlarms) false alarms (seed \(seed))

            \(table)
            """
    }
}
