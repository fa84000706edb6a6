import Consistency
import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// Runs a program of the user's for each submission, with the links' addresses of its lane in the environment.
///
/// Each process leads a session of its own. When its time is up, its task cancelled or the pipeline stopped, the whole
/// session gets SIGTERM, and SIGKILL if that doesn't end it. What a process leaves running is killed when it ends.
package final class CommandPipeline: Pipeline {
    /// How long a process may take to end after SIGTERM.
    private static let grace = Duration.seconds(3)

    private let command: CommandSpec
    private let system: System
    /// By the link's name, one a lane.
    private let addresses: [String: [String]]
    private let temporaryFolder: String
    private let stopping = StopSignal()
    private let running = Mutex(0)

    /// - Parameters:
    ///   - addresses: where the links listen, by name, one address a lane.
    ///   - temporaryFolder: the programs' `TMPDIR`.
    package init(command: CommandSpec, system: System, addresses: [String: [String]], temporaryFolder: String) {
        self.command = command
        self.system = system
        self.addresses = addresses
        self.temporaryFolder = temporaryFolder
    }

    package func submit(_ task: PipelineTask, lane: Int) async -> PipelineAnswer {
        running.withLock { $0 += 1 }
        defer { running.withLock { $0 -= 1 } }
        do {
            try FileManager.default.createDirectory(atPath: temporaryFolder, withIntermediateDirectories: true)
            let output = try ScratchOutput()
            let errors = try ScratchOutput()
            let ending = try await run(task, lane, output, errors)
            return CommandAnswer(
                ending: ending, output: output.tail, errors: errors.tail, rolledBackCodes: command.rolledBackCodes
            ).answer
        } catch {
            let reason = "the command '\(command.words[0])' could not be started: \(why(error))"
            return PipelineAnswer(
                .unknown, reason: reason,
                steps: [PipelineAnswer.Step(name: "command", service: "worker", reason: reason)])
        }
    }

    private func why(_ error: any Error) -> String {
        switch ProgramExam(program: command.words[0], folder: command.folder).look() {
        case .nothing(let what, let mend): "\(what); \(mend)"
        case .program: "\(error)"
        }
    }

    package func unfinished() async -> Int { running.withLock { $0 } }

    package func stop() async { stopping.send() }

    /// Whichever comes first ends the process: itself, its time, the pipeline's stop, the task's cancellation.
    private func run(
        _ task: PipelineTask, _ lane: Int, _ output: ScratchOutput, _ errors: ScratchOutput
    ) async throws -> CommandAnswer.Ending {
        let configuration = configuration(task, lane)
        let (stopping, timeout) = (stopping, command.timeout)
        return try await withThrowingTaskGroup(of: CommandAnswer.Ending?.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    configuration, input: .none,
                    output: .fileDescriptor(output.descriptor, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false))
                kill(-result.processIdentifier.value, SIGKILL)
                switch result.terminationStatus {
                case .exited(let code): return .exited(code)
                case .signaled(let signal): return .signaled(signal)
                }
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return Task.isCancelled ? nil : .outOfTime(timeout)
            }
            group.addTask { await stopping.wait() ? .stopped : nil }
            let first = try await group.next() ?? nil
            // The process is waited for: it may still need its time to end.
            group.cancelAll()
            while try await group.next() != nil {}
            return Task.isCancelled ? .stopped : first ?? .stopped
        }
    }

    private func configuration(_ task: PipelineTask, _ lane: Int) -> Subprocess.Configuration {
        let words = command.words.map { SubmissionWord.fill($0, task, lane: lane) }
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
        let variables = Dictionary(
            variables(task, lane).map { (Environment.Key(stringLiteral: $0), $1) },
            uniquingKeysWith: { _, last in last })
        return Subprocess.Configuration(
            executable: command.executable, arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(variables), workingDirectory: FilePath(command.folder), platformOptions: options)
    }

    private func variables(_ task: PipelineTask, _ lane: Int) -> [String: String] {
        let lane = LaneVariables(
            links: system.links, stores: system.stores,
            addresses: addresses.compactMapValues { $0.isEmpty ? nil : $0[lane % $0.count] })
        var values = lane.values(over: ProcessInfo.processInfo.environment)
        values["TMPDIR"] = temporaryFolder
        for (name, text) in command.environment { values[name] = lane.fill(text) }
        return values
    }
}

extension CommandSpec {
    /// A name without a slash is looked for in PATH; a path starts from the system file's folder.
    var executable: Executable {
        let program = words[0]
        guard program.contains("/") else { return .name(program) }
        return .path(FilePath(program.hasPrefix("/") ? program : "\(absoluteFolder)/\(program)"))
    }

    private var absoluteFolder: String {
        folder.hasPrefix("/") ? folder : "\(FileManager.default.currentDirectoryPath)/\(folder)"
    }
}
