import ArgumentParser
import Experiments
import Faults
import Foundation
import Ingestion
import Reports
import Stack

extension Defect: ExpressibleByArgument {}

/// Runs experiments, and says what became of the documents.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs experiments with the reference worker on the native stack, or with a system of your own.",
        discussion: """
            Starts the native stack when it is needed and not up, and stops it again if so. Each run leaves a folder with its report.html.

            Examples:
              faultline run faults/s3/missing-content-type.yaml
              faultline run faults --tag release --junit junit.xml
              faultline run faults --tag s3 --list
              faultline run faults --seed 7 --seeds 5 --format json
              faultline run faults/s3/missing-content-type.yaml --defect no-extension-fallback
              faultline run docs/own-system/experiment.yaml --system docs/own-system/faultline.yaml
              faultline run faults/s3 --engine embedded --attach 127.0.0.1:8474

            With --attach the links are those of a `faultline proxy` that stands already, which the workers may have been pointed at
            for long: each link of the system must be there under the same name, without any fault. Its token stands in the environment
            variable FAULTLINE_TOKEN. What others do to these links meanwhile makes a run inconclusive.

            Exit codes: 0 held, 1 violated, 2 inconclusive, 64 bad usage or configuration, 70 a fault of faultline's own.
            """)

    @Argument(help: ArgumentHelp("Experiment files, or folders of them.", valueName: "path"))
    var paths: [String]

    @Option(help: ArgumentHelp("Runs only experiments with this tag. May be given again: any of them will do."))
    var tag: [String] = []

    @Flag(help: "Print which experiments would be run, and run none.")
    var list = false

    @Option(help: "Makes documents and random decisions repeat; drawn, and printed, when it is not given.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("Runs each experiment so often, with the seeds that follow the first.", valueName: "count"))
    var seeds = 1

    @Option(help: "Plants a bug in the reference worker: see `faultline defects`. May be given again.")
    var defect: [Defect] = []

    @OptionGroup var system: SystemOption

    @OptionGroup var engine: EngineOption

    @OptionGroup var attach: AttachOption

    @Option(help: ArgumentHelp("Where run folders go.", valueName: "folder"))
    var out = "runs"

    @Option(help: ArgumentHelp("Writes the results of all runs here, as JUnit XML.", valueName: "file"))
    var junit: String?

    @Flag(help: "Stop after the first experiment that is violated.")
    var failFast = false

    @Flag(help: "Print nothing but verdicts and errors.")
    var quiet = false

    @Option(help: "How to print verdicts on standard output.")
    var format: OutputFormat = .text

    @Flag(help: "Leave the stack up that this command starts.")
    var keepStack = false

    func validate() throws {
        if !(1...100_000).contains(seeds) { throw ValidationError("--seeds takes a number from 1 to 100000") }
    }

    func run() async throws {
        let command = self
        let code = try await Failure.reported { try await command.runAll() }
        if code != 0 { throw ExitCode(code) }
    }

    private func runAll() async throws -> Int32 {
        let root = try StackHome.standard().project
        let system = try readSystem()
        let experiments = try ExperimentPaths.experiments(
            paths, tags: tag, root: root, links: system?.traits ?? ReferenceLinks.traits,
            kinds: (system?.pipeline ?? .reference).kinds,
            processes: system.map(ProcessNames.init) ?? .reference)
        let forecast = RunForecast(in: out)
        if list {
            try ExperimentList(experiments, forecast: forecast).show(as: format)
            return 0
        }
        if let junit { try Self.prepare(junit) }
        let first = seed ?? UInt64.random(in: 1...999_999)
        let runs = experiments.flatMap { experiment in
            (0..<UInt64(seeds)).map { Campaign.Planned(experiment: experiment, seed: first &+ $0) }
        }
        let board = runs.map {
            CampaignBoard.Run(
                name: $0.experiment.name, seed: $0.seed, expected: forecast.seconds(of: $0.experiment))
        }
        let printer = RunPrinter(quiet: quiet, runs: board)
        let campaign = Campaign(runs: runs, defects: Set(defect), failsFast: failFast)
        let isText = format == .text
        let choice = try engine.choice(for: system)
        try await attach.check(experiments, links: system?.links(for: choice) ?? ReferenceLinks.native(for: choice))
        let started = Date()
        let outcome = try await RunSession.with(
            system: system, engine: choice, proxy: attach.proxy, printer: printer, parent: out, keepsStack: keepStack
        ) { session in
            await campaign.perform(in: session) { entry in
                guard isText else { return }
                printer.aside { Console.output(runs.count > 1 ? entry.headline : entry.text) }
            }
        }
        return try conclude(outcome, planned: runs.count, started: started)
    }

    /// Prints and writes what came of all runs. - Throws: `CancellationError` when they were interrupted, after all is told.
    private func conclude(_ outcome: Campaign.Outcome, planned: Int, started: Date) throws -> Int32 {
        let entries = outcome.entries
        var page: String?
        if planned > 1, !entries.isEmpty {
            let folder = try RunFolder(in: out, experiment: "summary", at: started)
            page = folder.path + "/summary.html"
            let html = CampaignPage(entries, planned: planned, started: started).html
            try Data(html.utf8).write(to: URL(fileURLWithPath: folder.path + "/summary.html"))
        }
        if let junit {
            try Data(JUnitReport(entries.map(\.suite)).xml.utf8).write(to: URL(fileURLWithPath: junit))
        }
        let summary = RunSummary(entries.map(\.summary))
        if format == .json {
            try Console.json(summary)
        } else if planned > 1 {
            Console.output("")
            Console.output(CampaignText(entries, planned: planned, page: page))
        }
        if outcome.isInterrupted { throw CancellationError() }
        // A violation is certain, whatever else went wrong.
        if summary.violated == 0, entries.contains(where: \.isOwnFault) { return Failure.own.rawValue }
        return summary.exitCode
    }

    private func readSystem() throws -> SystemFile? {
        let file = try system.read()
        if let file, file.pipeline != .reference, !defect.isEmpty {
            throw UsageError(
                description: "--defect plants bugs in the reference worker, and \(file.file) has a pipeline of its own")
        }
        return file
    }

    /// A file that cannot be written is found out before hours of runs.
    private static func prepare(_ file: String) throws {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw UsageError(description: "--junit \(file): cannot be written; make the folder \(folder) first")
        }
    }
}
