import Foundation
import Subprocess
import SystemPackage
import Testing

/// The built program, as a user starts it.
@Suite struct CommandLineTests {
    private struct Answer {
        var code: Int32?
        var output: String
        var error: String
    }

    private static let program: String = {
        let environment = ProcessInfo.processInfo.environment["FAULTLINE_BINARY"]
        if let environment, !environment.isEmpty { return environment }
        // Beside the tests' own binary.
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return ((tests as NSString).deletingLastPathComponent as NSString).appendingPathComponent("faultline")
    }()

    private func faultline(_ arguments: String...) async throws -> Answer {
        let result = try await run(
            .path(FilePath(Self.program)), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        var code: Int32?
        if case .exited(let status) = result.terminationStatus { code = status }
        return Answer(code: code, output: result.standardOutput, error: result.standardError)
    }

    private func file(_ text: String, _ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "faultline-\(UUID().uuidString).yaml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test func aMisspeltOptionIsNamedWithItsLineAndTheKnownOnes() async throws {
        let text = """
            name: e
            title: E
            workload: { documents: 1 }
            faults:
              - on: s3
                inject: { latency: { delay: 1s, jiter: 1s } }
            """
        try await file(text) { path in
            let answer = try await faultline("run", path)
            #expect(answer.code == 64)
            #expect(answer.output == "")
            #expect(
                answer.error.hasPrefix("\(path):6: faults[0].inject.latency has no option 'jiter'"), "\(answer.error)")
            #expect(answer.error.contains("known options: delay, jitter"), "\(answer.error)")
        }
    }

    @Test(arguments: [
        ["run"], ["run", "/nowhere.yaml"], ["run", "/nowhere.yaml", "--defect", "no-such"], ["frobnicate"],
        ["proxy"], ["proxy", "--link", "redis"],
    ])
    func badUsageIs64(arguments: [String]) async throws {
        let result = try await run(
            .path(FilePath(Self.program)), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        guard case .exited(let code) = result.terminationStatus else { throw CancellationError() }
        #expect(code == 64)
        #expect(result.standardError.isEmpty == false)
    }

    @Test func listsAreJSONObjectsWithNames() async throws {
        for command in ["faults", "defects"] {
            let answer = try await faultline(command, "--format", "json")
            #expect(answer.code == 0)
            let list = try #require(
                try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]])
            #expect(!list.isEmpty && list.allSatisfy { $0["name"] is String })
        }
    }
}
