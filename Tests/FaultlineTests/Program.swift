import Foundation
import Subprocess
import SystemPackage

/// The built program, as a user starts it.
enum Program {
    struct Answer {
        var code: Int32?
        var output: String
        var error: String
    }

    static let path: String = {
        let environment = ProcessInfo.processInfo.environment["FAULTLINE_BINARY"]
        if let environment, !environment.isEmpty { return environment }
        // Beside the tests' own binary.
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return ((tests as NSString).deletingLastPathComponent as NSString).appendingPathComponent("faultline")
    }()

    static func run(_ arguments: [String], with variables: [Environment.Key: String?] = [:]) async throws -> Answer {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), environment: .inherit.updating(variables),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        var code: Int32?
        if case .exited(let status) = result.terminationStatus { code = status }
        return Answer(code: code, output: result.standardOutput, error: result.standardError)
    }
}
