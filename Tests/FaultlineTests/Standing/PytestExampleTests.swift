import Foundation
import Stack
import Subprocess
import SystemPackage
import Testing

/// The fixture in examples/pytest, as its README has people run it, by two at once on one proxy.
@Suite struct PytestExampleTests {
    private func environment(_ home: StackHome) async throws -> [String: String] {
        let script = "\(home.project)/examples/python-worker/native_stack.py"
        let result = try await Subprocess.run(
            .path(FilePath("\(home.python)/bin/python")), arguments: [script],
            environment: .inherit.updating(["FAULTLINE_BINARY": Program.path, "FAULTLINE_HOME": home.folder]),
            output: .string(limit: 1 << 16), error: .combinedWithOutput)
        try #require(result.terminationStatus.isSuccess, "\(result.standardOutput)")
        let lines = result.standardOutput.split(separator: "\n").map { $0.trimmingPrefix("export ") }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            })
    }

    @Test func testsThatShareAProxyDoNotMeet() async throws {
        let home = try StackHome.standard()
        let folder = "\(home.project)/examples/pytest"
        var environment = try await environment(home)
        let proxy = try ChildProcess(
            ["env"] + environment.map { "\($0.key)=\($0.value)" }
                + [Program.path, "proxy", "--api", "127.0.0.1:0", "--config", "\(folder)/proxy.yaml"])
        let api = try proxy.nextLine(with: "api  http://")
        environment["FAULTLINE_API"] = String(api.trimmingPrefix("api  http://"))
        let words =
            environment.map { "\($0.key)=\($0.value)" }
            + ["\(home.python)/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let result = try await Subprocess.run(
                        .name("env"), arguments: Arguments(words),
                        workingDirectory: FilePath(folder), output: .string(limit: 1 << 20),
                        error: .combinedWithOutput)
                    #expect(result.terminationStatus.isSuccess, "\(result.standardOutput.suffix(4000))")
                    #expect(result.standardOutput.contains("10 passed"))
                }
            }
            try await group.waitForAll()
        }
        #expect(proxy.stop() == 0)
    }
}
