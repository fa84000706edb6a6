import Stores

/// What a client made of an operation.
enum ClientOutcome: Hashable, Sendable, CustomStringConvertible {
    case value(JSON)
    case failure(Failure)
    case exit(Int32, output: String)

    struct Failure: Hashable, Sendable {
        /// The error's class and those above it, with their modules.
        var classes: [String]
        /// SQLSTATE, status, or the service's own code; empty where there is none.
        var code: String
        var message: String
    }

    /// Reads a helper's answer.
    init(_ answer: JSON) {
        guard let error = answer["error"] else {
            self = .value(answer["value"] ?? .null)
            return
        }
        self = .failure(
            Failure(
                classes: error["classes"]?.array?.compactMap(\.string) ?? [], code: error["code"]?.string ?? "",
                message: error["message"]?.string ?? ""))
    }

    init(_ answer: ClientProgram.Answer) { self = .exit(answer.code, output: answer.output + answer.error) }

    var description: String {
        switch self {
        case .value(let value): "the value \(String(decoding: value.bytes, as: UTF8.self))"
        case .failure(let failure): "\(failure.classes.first ?? "?") (\(failure.code)): \(failure.message)"
        case .exit(let code, let output): "exit code \(code): \(output.suffix(600))"
        }
    }
}
