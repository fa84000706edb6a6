import Foundation
import Subprocess
import SystemPackage
import Testing

/// A client that is a program of its own: it does one thing and ends.
enum ClientProgram {
    struct Answer {
        var code: Int32
        var output: String
        var error: String
    }

    /// - Parameter words: the program, PostgreSQL's as Debian installs them and others from the path, and its arguments.
    static func run(_ words: [String]) async throws -> Answer {
        // What a user has set for PostgreSQL's programs must not reach them, nor a language other than English.
        let result = try await Subprocess.run(
            .path(FilePath(path(of: words[0]))), arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C", "PSQLRC": "/dev/null"]),
            output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
        guard case .exited(let code) = result.terminationStatus else {
            Issue.record("\(words[0]) was ended by a signal")
            throw CancellationError()
        }
        return Answer(code: code, output: result.standardOutput, error: result.standardError)
    }

    /// The newest version's own program: the one on the path is a script that looks for a cluster.
    private static func path(of program: String) -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        let places = versions.sorted(by: >).map { "\(root)/\($0)/bin/\(program)" } + ["/usr/bin/\(program)"]
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? program
    }
}
