import Foundation
import Stack
import Subprocess
import Testing

/// The example of docs/own-system.md, as its reader runs it: a schema and a worker that faultline knows nothing of.
@Suite struct OwnSystemTests {
    private struct Run {
        var code: Int32?
        var experiment: [String: Any]
        var verdict: [String: Any]
        var error: String
    }

    private func runExample(_ variables: [Environment.Key: String?] = [:]) async throws -> Run {
        let out = NSTemporaryDirectory() + "faultline-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: out) }
        let folder = "\(try StackHome.standard().project)/docs/own-system"
        let answer = try await Program.run(
            [
                "run", "\(folder)/experiment.yaml", "--system", "\(folder)/faultline.yaml", "--out", out, "--format",
                "json", "--seed", "7", "--quiet",
            ], with: variables)
        let summary = try? JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
        let experiment = try #require(
            (summary?["experiments"] as? [[String: Any]])?.first,
            "\(answer.code ?? -1): \(answer.error.prefix(2000))")
        let file = "\(try #require(experiment["folder"] as? String))/verdict.json"
        let verdict = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
        return Run(
            code: answer.code, experiment: experiment, verdict: try #require(verdict as? [String: Any]),
            error: answer.error)
    }

    @Test func aWorkerThatUndoesHolds() async throws {
        let run = try await runExample()
        #expect(run.code == 0, "\(run.experiment) \(run.error)")
        #expect(run.experiment["verdict"] as? String == "held")
        // It held although documents failed, not because none did.
        let documents = try #require(run.experiment["documents"] as? [String: Int])
        #expect(documents["rolled_back"] ?? 0 > 0)
        #expect(documents["succeeded"] ?? 0 > 0)
        #expect((run.verdict["replay"] as? String)?.contains("--system") == true)
        #expect(
            run.verdict["notes"] == nil
                || (run.verdict["notes"] as? [String])?.contains { $0.contains("could not") } == false)
    }

    @Test func aWorkerThatForgetsTheCacheIsFoundOut() async throws {
        let run = try await runExample(["WORKER_BUG": "1"])
        #expect(run.code == 1, "\(run.experiment) \(run.error)")
        #expect(run.experiment["verdict"] as? String == "violated")
        let reasons = try #require(run.experiment["reasons"] as? [String])
        #expect(reasons.contains { $0.hasPrefix("result-agrees") && $0.contains("redis") }, "\(reasons)")
    }
}
