import ArgumentParser
import Control
import Faults
import Foundation
import Proxy
import Stack

/// Turns errors into words on standard error, and into the exit codes of the manual.
enum Failure {
    static let usage = ExitCode(64)
    static let own = ExitCode(70)

    /// Signals cancel the body, so that what it started is stopped and what it wrote is deleted.
    static func reported<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await told { try await Interruption.cancelling(body) }
    }

    /// The same without any notion of signals.
    static func told<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as SpecError {
            Console.error("\(error)")
            throw usage
        } catch let error as LinkError {
            Console.error("\(error)")
            throw usage
        } catch let error as LinksLost {
            Console.error("\(error)")
            throw usage
        } catch let error as LiveError {
            Console.error("\(error)")
            throw usage
        } catch let error as ControlClient.Failure {
            Console.error("\(error)")
            throw usage
        } catch let error as UsageError {
            Console.error("\(error)")
            throw usage
        } catch let interrupted as Interruption.Interrupted {
            Console.error("interrupted; the run's data is deleted and what was started is stopped")
            throw ExitCode(interrupted.exitCode)
        } catch let code as ExitCode {
            throw code
        } catch {
            Console.error("faultline: \(error)")
            throw own
        }
    }
}

/// The command line asks for something that cannot be done.
struct UsageError: Error, CustomStringConvertible {
    var description: String
}

enum Console {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Unbuffered, so that it keeps its place among the lines on standard error.
    static func output(_ text: some CustomStringConvertible) {
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }

    static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// Without a line's end.
    static func raw(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// One object on standard output.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        output(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
