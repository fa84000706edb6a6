import ArgumentParser
import Experiments
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
            Starts the native stack when it is needed and not up, and stops it again if so.

            Examples:
              faultline run faults/s3/missing-content-type.yaml
              faultline run faults --seed 7 --format json
              faultline run faults/s3/missing-content-type.yaml --defect no-extension-fallback
              faultline run docs/own-system/experiment.yaml --system docs/own-system/faultline.yaml

            Exit codes: 0 held, 1 violated, 2 inconclusive, 64 bad usage or configuration, 70 a fault of faultline's own.
            """)

    @Argument(help: ArgumentHelp("Experiment files, or folders of them.", valueName: "path"))
    var paths: [String]

    @Option(help: "Makes documents and random decisions repeat; drawn, and printed, when it is not given.")
    var seed: UInt64?

    @Option(help: "Plants a bug in the reference worker: see `faultline defects`. May be given again.")
    var defect: [Defect] = []

    @OptionGroup var system: SystemOption

    @Option(help: ArgumentHelp("Where run folders go.", valueName: "folder"))
    var out = "runs"

    @Flag(help: "Print nothing but verdicts and errors.")
    var quiet = false

    @Option(help: "How to print verdicts on standard output.")
    var format: OutputFormat = .text

    @Flag(help: "Leave the stack up that this command starts.")
    var keepStack = false

    func run() async throws {
        let command = self
        let code = try await Failure.reported { try await command.runAll() }
        if code != 0 { throw ExitCode(code) }
    }

    private func runAll() async throws -> Int32 {
        let root = try StackHome.standard().project
        let system = try readSystem()
        let links = system?.protocols ?? ReferenceLinks.protocols
        let experiments = try ExperimentPaths.files(paths).map { try Experiment.read($0, root: root, links: links) }
        let seed = seed ?? UInt64.random(in: 1...999_999)
        let printer = RunPrinter(quiet: quiet)
        let entries = try await RunSession.with(
            system: system, printer: printer, parent: out, keepsStack: keepStack
        ) { session in
            var entries: [RunSummary.Entry] = []
            for experiment in experiments {
                let finished = try await session.run(experiment, seed: seed, defects: Set(defect))
                if format == .text { Console.output("\(VerdictText(finished.result, folder: finished.folder))") }
                entries.append(RunSummary.Entry(finished.result, folder: finished.folder))
            }
            return entries
        }
        let summary = RunSummary(entries)
        if format == .json {
            try Console.json(summary)
        } else if entries.count > 1 {
            Console.output("\(summary.held) held, \(summary.violated) violated, \(summary.inconclusive) inconclusive")
        }
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
}
