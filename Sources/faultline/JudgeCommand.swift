import ArgumentParser
import Consistency
import Reports

/// Judges what a run left behind, without any service.
struct JudgeCommand: ParsableCommand {
    private struct Answer: Encodable {
        var verdict: Verdict
        var run: String
        var file: String
        var invariants: [VerdictFile.Check]
    }

    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Checks the invariants again on the world that a run saved.",
        discussion: """
            Needs no service. Expectations are not judged again: they rest on the wire history.

            Examples:
              faultline judge runs/latest
              faultline judge runs/latest/world.json --format json

            Exit codes: 0 held, 1 violated, 2 inconclusive, 64 a file that cannot be judged.
            """)

    @Argument(help: ArgumentHelp("A run folder, or a world.json.", valueName: "path"))
    var path: String

    @Option(help: "How to print the findings on standard output.")
    var format: OutputFormat = .text

    func run() throws {
        let world: World
        let file: String
        do {
            (world, file) = try SavedWorld.read(path)
        } catch {
            Console.error("\(error)")
            throw Failure.usage
        }
        let judgement = Checker.check(world)
        switch format {
        case .text: Console.output(JudgementText(judgement, of: world, in: file))
        case .json:
            try Console.json(
                Answer(
                    verdict: judgement.verdict, run: world.run, file: file, invariants: VerdictFile.checks(judgement)))
        }
        switch judgement.verdict {
        case .held: return
        case .violated: throw ExitCode(1)
        case .inconclusive: throw ExitCode(2)
        }
    }
}
