import Experiments
import Foundation
import Ingestion
import Reports
import Stack

/// Runs experiments on one system, one after the other, and writes their folders.
struct RunSession: Sendable {
    struct Finished: Sendable {
        var result: RunResult
        var folder: String
    }

    let system: System
    let parent: String
    let printer: RunPrinter

    /// Calls the body with the native stack up, where it is needed. One that had to be started is stopped afterwards,
    /// unless it shall stay.
    /// - Parameter file: nil: the reference worker on the native stack.
    static func with<Value: Sendable>(
        system file: SystemFile? = nil, printer: RunPrinter, parent: String, keepsStack: Bool,
        _ body: (RunSession) async throws -> Value
    ) async throws -> Value {
        let turn = try await RunTurn(file: try Leftovers.standard().folder + "/turn") { owner in
            let whose = owner.map { " (process \($0))" } ?? ""
            printer.say("waiting for another run\(whose) to end")
        }
        defer { withExtendedLifetime(turn) {} }
        if let file, !file.usesNativeStack {
            let system = try file.system(stack: nil)
            return try await body(RunSession(system: system, parent: parent, printer: printer))
        }
        let stack = try await StackSession.begin(progress: printer.stack)
        let outcome: Result<Value, any Error>
        do {
            let system = try file?.system(stack: stack.endpoints) ?? .reference(endpoints: stack.endpoints)
            outcome = .success(try await body(RunSession(system: system, parent: parent, printer: printer)))
        } catch {
            outcome = .failure(error)
        }
        if !keepsStack { try await stack.end(progress: printer.stack) }
        return try outcome.get()
    }

    func run(_ experiment: Experiment, seed: UInt64, defects: Set<Defect>) async throws -> Finished {
        let started = Date()
        let folder = try RunFolder(in: parent, experiment: experiment.name, at: started)
        printer.begin(experiment.name)
        var runner = Runner(system: system, seed: seed, historyPath: folder.spool)
        runner.leftovers = try Leftovers.standard()
        runner.defects = defects
        runner.progress = printer.show
        let result: RunResult
        do {
            result = try await runner.run(experiment)
        } catch {
            printer.close()
            // A folder without a verdict would be taken for a run.
            try? FileManager.default.removeItem(atPath: folder.path)
            throw error
        }
        try RunRecord(folder: folder, result: result, started: started).write()
        printer.close()
        return Finished(result: result, folder: folder.path)
    }
}
