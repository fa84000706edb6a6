import Subprocess
import SystemPackage

/// A command that does one thing and ends: initdb and the like.
enum OneShot {
    /// Runs it to its end; throws with what it wrote when it fails.
    static func run(
        _ words: [String], service: String, environment: [String: String], folder: String, input: String = ""
    ) async throws {
        precondition(!words.isEmpty, "a command has a name")
        let variables = Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
        let result = try await Subprocess.run(
            .path(FilePath(words[0])), arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(variables), workingDirectory: FilePath(folder), input: .string(input),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            let output = result.standardOutput + result.standardError
            throw StackError(
                service: service, what: "\(words.joined(separator: " ")): \(result.terminationStatus)",
                lastLines: output.split(separator: "\n").suffix(12).map(String.init))
        }
    }
}
