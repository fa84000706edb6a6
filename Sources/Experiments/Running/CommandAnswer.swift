import Consistency
import Foundation

/// What a program's end says about its submission. Pure.
///
/// Exit code 0 is success, a code of `exit-codes: { rolled-back: … }` is a failure with all undone, everything else is unknown.
/// A last line of standard output of the form `{"status": "succeeded", "id": "…", "reason": "…"}` overrides the exit code, but
/// not that the program was stopped or killed.
package struct CommandAnswer: Sendable {
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
        case outOfTime(Duration)
        /// By the runner.
        case stopped
    }

    /// The last line, where it is JSON.
    private struct Said: Decodable {
        var status: String
        var id: String?
        var reason: String?
    }

    private static let reasonLines = 3
    private let ending: Ending
    private let said: Said?
    private let errors: String
    private let rolledBackCodes: Set<Int32>

    /// - Parameters:
    ///   - output: the end of standard output.
    ///   - errors: the end of standard error; its last lines become the reason.
    package init(ending: Ending, output: String, errors: String, rolledBackCodes: Set<Int32>) {
        self.ending = ending
        self.errors = errors
        self.rolledBackCodes = rolledBackCodes
        let last = output.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
        said = last.flatMap { try? JSONDecoder().decode(Said.self, from: Data($0.utf8)) }
    }

    package var answer: PipelineAnswer {
        let result = result
        guard result != .succeeded else { return PipelineAnswer(.succeeded, storedID: said?.id) }
        let reason = reason
        return PipelineAnswer(
            result, storedID: said?.id, reason: reason,
            steps: [PipelineAnswer.Step(name: "command", service: "worker", code: code, reason: reason)])
    }

    private var result: Submission.Result {
        guard case .exited(let code) = ending else { return .unknown }
        switch said?.status {
        case "succeeded": return .succeeded
        case "rolled-back": return .rolledBack
        case .some: return .unknown
        case nil: return code == 0 ? .succeeded : rolledBackCodes.contains(code) ? .rolledBack : .unknown
        }
    }

    private var code: String? {
        if case .exited(let code) = ending { "exit \(code)" } else { nil }
    }

    private var reason: String {
        let lines = errors.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            .suffix(Self.reasonLines).joined(separator: "; ")
        let said = said?.reason ?? (lines.isEmpty ? nil : lines)
        return said.map { "\(words): \($0)" } ?? words
    }

    private var words: String {
        switch ending {
        case .exited(let code):
            if let status = said?.status, !["succeeded", "rolled-back", "failed"].contains(status) {
                return "the command says '\(status)', which is not succeeded, rolled-back or failed"
            }
            return "the command ended with exit code \(code)"
        case .signaled(let signal): return "the command was ended by signal \(signal)"
        case .outOfTime(let limit): return "the command took longer than \(limit) and was stopped"
        case .stopped: return "the command was stopped by the runner"
        }
    }
}
