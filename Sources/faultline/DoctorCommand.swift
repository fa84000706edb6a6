import ArgumentParser
import Experiments
import Stack

/// Looks whether everything is in order before anything is broken.
struct DoctorCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var ok: Int
        var failed: Int
        var skipped: Int
        var checks: [DoctorCheck]
    }

    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks whether the system under test is fit for experiments, and says how to mend what isn't.",
        discussion: """
            Goes through each link to its upstream, reads each store past the links, tries every footprint query with an id that \
            no document has, writes, reads and deletes one object in S3, and looks whether workers can be started, a service \
            answers, and a task queue is polled. Breaks nothing and starts nothing.

            Exit codes: 0 nothing failed, 1 something failed, 64 bad usage or a bad file, 70 a fault of faultline's own.
            """)

    @OptionGroup var system: SystemOption

    @Option(help: "How to print what was found.")
    var format: OutputFormat = .text

    func run() async throws {
        let command = self
        let isFit = try await Failure.reported { try await command.examine() }
        if !isFit { throw ExitCode(1) }
    }

    private func examine() async throws -> Bool {
        let checks = await Doctor(file: try system.read(), stack: try? NativeStack()).examine()
        try Task.checkCancellation()
        func count(_ state: DoctorCheck.State) -> Int { checks.count { $0.state == state } }
        let report = Report(ok: count(.ok), failed: count(.failed), skipped: count(.skipped), checks: checks)
        if format == .json {
            try Console.json(report)
        } else {
            let width = checks.map(\.name.count).max() ?? 0
            for check in checks {
                let state = check.state.rawValue.padded(to: 7)
                Console.output("\(state)  \(check.name.padded(to: width))  \(check.detail)")
                if let mend = check.mend {
                    Console.output("\("".padded(to: 7))  \("".padded(to: width))  to mend: \(mend)")
                }
            }
            Console.output("\(report.ok) ok, \(report.failed) failed, \(report.skipped) skipped")
        }
        return report.failed == 0
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
