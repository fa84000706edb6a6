import Foundation
import Stack
import Subprocess
import SystemPackage
import Testing

/// The pipeline in examples/python-worker, which is none of faultline's: its own tests, and experiments on it.
@Suite struct PythonWorkerTests {
    private struct Answer {
        var hasSucceeded: Bool
        /// Both outputs.
        var output: String
        /// What a failed test shows of it.
        var end: Substring { output.suffix(4000) }
    }

    /// - Parameter arguments: of its Python.
    private func run(_ arguments: [String]) async throws -> Answer {
        let home = try StackHome.standard()
        let result = try await Subprocess.run(
            .path(FilePath("\(home.folder)/python-worker/bin/python")), arguments: Arguments(arguments),
            environment: .inherit.updating(["FAULTLINE_BINARY": Program.path, "FAULTLINE_HOME": home.folder]),
            workingDirectory: FilePath("\(home.project)/examples/python-worker"),
            output: .string(limit: 1 << 20), error: .combinedWithOutput)
        return Answer(hasSucceeded: result.terminationStatus.isSuccess, output: result.standardOutput)
    }

    @Test func itsOwnTestsPass() async throws {
        let answer = try await run(["-m", "pytest", "-q", "-n", "4"])
        #expect(answer.hasSucceeded, "\(answer.end)")
        #expect(answer.output.contains(" passed"))
    }

    /// Its self-test, as its README has people run it, with two experiments of all.
    @Test func plantedDefectsAreFoundAndTheRightWorkerHolds() async throws {
        let out = NSTemporaryDirectory() + "faultline-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: out) }
        let answer = try await run(["selftest.py", "change-refused", "killed-then-refused", "--out", out])
        #expect(answer.hasSucceeded, "\(answer.end)")
        let rows = answer.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let found = Set(rows.filter { $0.count == 5 }.map { Array($0.prefix(4)) })
        #expect(
            found.isSuperset(of: [
                ["none", "change-refused", "held", "held"],
                ["delete-instead-of-restore", "change-refused", "violated", "violated"],
                ["none", "killed-then-refused", "held", "held"],
                ["former-forgotten", "killed-then-refused", "violated", "violated"],
            ]), "\(answer.end)")
    }
}
