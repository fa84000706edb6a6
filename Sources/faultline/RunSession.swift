import Consistency
import Experiments
import Foundation
import Ingestion
import Reports
import Stack

/// Runs experiments on the native stack, one after the other, and writes their folders.
struct RunSession: Sendable {
    struct Finished: Sendable {
        var result: RunResult
        var folder: String
        var started: Date

        var entry: CampaignEntry { CampaignEntry(result, folder: folder, started: started) }
    }

    let system: System
    /// Whose links are used; nil: each run has its own.
    let proxy: AttachedProxy?
    let parent: String
    let printer: RunPrinter

    /// Calls the body with the native stack up, where it is needed. One that had to be started is stopped afterwards,
    /// unless it shall stay.
    /// - Parameters:
    ///   - file: nil: the reference worker on the native stack.
    ///   - engine: what drives the reference worker.
    ///   - proxy: whose links are used; nil: each run has its own.
    static func with<Value: Sendable>(
        system file: SystemFile? = nil, engine: SagaEngine, proxy: AttachedProxy? = nil, printer: RunPrinter,
        parent: String, keepsStack: Bool,
        _ body: @escaping @Sendable (RunSession) async throws -> Value
    ) async throws -> Value {
        let turn = try await RunTurn(file: try Leftovers.standard().folder + "/turn") { owner in
            let whose = owner.map { " (process \($0))" } ?? ""
            printer.say("waiting for another run\(whose) to end")
        }
        defer { withExtendedLifetime(turn) {} }
        if let file, !file.usesNativeStack {
            let system = try file.system(stack: nil).driven(by: engine)
            return try await printer.keepingTime {
                try await body(RunSession(system: system, proxy: proxy, parent: parent, printer: printer))
            }
        }
        let stack = try await StackSession.begin(progress: printer.stack)
        let outcome: Result<Value, any Error>
        do {
            let system =
                try file?.system(stack: stack.endpoints).driven(by: engine)
                ?? .reference(endpoints: stack.endpoints, engine: engine)
            outcome = .success(
                try await printer.keepingTime {
                    try await body(RunSession(system: system, proxy: proxy, parent: parent, printer: printer))
                })
        } catch {
            outcome = .failure(error)
        }
        if !keepsStack { try await stack.end(progress: printer.stack) }
        return try outcome.get()
    }

    func run(_ experiment: Experiment, seed: UInt64, defects: Set<Defect>) async throws -> Finished {
        if let missing = system.missing(for: experiment) {
            throw EngineOption.lacks(missing, struckBy: experiment.name)
        }
        let started = Date()
        let folder = try RunFolder(in: parent, experiment: experiment.name, at: started)
        printer.begin()
        defer { printer.close() }
        do {
            var runner = Runner(system: system, seed: seed, historyPath: folder.spool)
            runner.leftovers = try Leftovers.standard()
            runner.defects = defects
            runner.proxy = proxy
            runner.progress = printer.show
            let result = try await runner.run(experiment)
            try RunRecord(folder: folder, result: result, started: started).write()
            printer.end(result.verdict)
            return Finished(result: result, folder: folder.path, started: started)
        } catch {
            // A folder without a verdict would be taken for a run.
            try? FileManager.default.removeItem(atPath: folder.path)
            printer.end(.inconclusive)
            throw error
        }
    }
}
