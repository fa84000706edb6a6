import ArgumentParser
import Experiments
import Foundation

/// Writes a system file to begin with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented system file that works as it is, for you to change.",
        discussion: """
            As written it means the native stack and the reference worker, as without any file. docs/own-system.md shows how
            to make your own system of it.

            Exit codes: 0 written, 64 there is such a file already (or it cannot be written).
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output = SystemFile.standardPath

    @Flag(help: "Replace a file that is there.")
    var force = false

    func run() throws {
        do {
            if force {
                try Data(SystemTemplate.text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
            } else {
                // Refused by the system rather than asked before: nobody can make the file in between.
                try Data(SystemTemplate.text.utf8).write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
            }
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
            Console.error("\(output) is there already; write another with --output FILE, or replace it with --force")
            throw Failure.usage
        } catch {
            Console.error("\(output) cannot be written; see whether its folder is there, and yours to write")
            throw Failure.usage
        }
        Console.output("wrote \(output); next: faultline doctor --system \(output)")
    }
}
