import ArgumentParser
import Experiments
import Foundation

/// `--system FILE`, for commands that need to know the system under test.
struct SystemOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The system under test: docs/system-file.md. \(SystemFile.standardPath) where there is one, else the reference worker on the native stack.",
            valueName: "file"))
    var system: String?

    /// Nil: the reference worker on the native stack.
    func read() throws -> SystemFile? {
        if let system { return try SystemFile.read(system) }
        guard FileManager.default.fileExists(atPath: SystemFile.standardPath) else { return nil }
        return try SystemFile.read(SystemFile.standardPath)
    }
}
