import Control
import Foundation
import Stack
import Subprocess
import SystemPackage
import Testing

/// Our own API against its own description: what its schemas allow and what they don't, by schemathesis from PyPI.
@Suite struct DescriptionTests {
    @Test(.timeLimit(.minutes(5))) func theAPIDoesWhatItsDescriptionSays() async throws {
        let home = try StackHome.standard()
        try await ControlPort.with(
            allow: { if !$0.hasPrefix("127.0.0.1:") { throw LiveError.notAllowed(host: $0) } },
            { port in
                // Addresses and names of faults have forms that no schema tells, so what a schema allows may be refused.
                let words = [
                    "-B", "-m", "schemathesis.cli", "run", "http://\(port.address)/v1/openapi.json", "--seed", "1",
                    "--exclude-path", "/v1/events", "--exclude-path", "/v1/attachments/{owner}/history",
                    "--max-examples", "8", "--no-color", "--phases",
                    "examples,coverage,fuzzing", "--exclude-checks", "positive_data_acceptance",
                ]
                let result = try await Subprocess.run(
                    .path(FilePath("\(home.python)/bin/python")), arguments: Arguments(words),
                    environment: .custom([
                        "PATH": "/usr/bin:/bin", "PYTHONPATH": "\(home.folder)/clients/schemathesis",
                        "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                    ]), workingDirectory: FilePath(NSTemporaryDirectory()),
                    output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
                #expect(result.terminationStatus == .exited(0), "\(result.standardOutput)\(result.standardError)")
                #expect(result.standardOutput.contains("Tested: 21"), "\(result.standardOutput)")
            })
    }
}

/// Clients of Toxiproxy from PyPI, which know nothing of us: each does every operation that it has.
@Suite struct ToxiproxyClientsTests {
    @Test(arguments: ["toxiproxy_python", "chaostoolkit_toxiproxy"])
    func aClientDoesEveryOperationThatItHas(name: String) async throws {
        let home = try StackHome.standard()
        let echo = try Echo()
        try await ControlPort.with { port in
            let script = "\(home.project)/Tests/ControlTests/Clients/drive_\(name).py"
            let result = try await Subprocess.run(
                .path(FilePath("\(home.python)/bin/python")),
                arguments: Arguments(["-B", script, port.address, echo.address]),
                environment: .custom([
                    "PATH": "/usr/bin:/bin", "PYTHONPATH": "\(home.folder)/clients/toxiproxy", "TMPDIR": "/tmp",
                ]),
                output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
            #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
            #expect(result.standardOutput.hasSuffix("done\n"), "\(result.standardOutput)")
        }
    }
}
