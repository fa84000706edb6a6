import GRPCCore
import Glibc
import NIOCore

/// Why a call to Temporal failed.
package struct TemporalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The codes of gRPC that a caller may want to tell apart.
    package enum Code: String, Hashable, Sendable {
        case cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
        case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, internalError, unavailable
        case dataLoss, unauthenticated
    }

    /// The service's method, such as `StartWorkflowExecution`.
    package var operation: String
    package var code: Code
    /// The server's words, or the transport's.
    package var message: String

    package init(operation: String, code: Code, message: String) {
        self.operation = operation
        self.code = code
        self.message = message
    }

    init(_ error: RPCError, operation: String) {
        self.operation = operation
        // The transport calls it unknown when the caller's task is cancelled.
        code = error.cause is CancellationError ? .cancelled : Code(error.code)
        var causes = [Self.words(error)]
        var cause = error.cause
        while let inner = cause, causes.count < 4 {
            causes.append(Self.words(inner))
            cause = (inner as? RPCError)?.cause
        }
        message = causes.joined(separator: ": ")
    }

    /// Without what only says how the transport works.
    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as RPCError:
            let why = "Channel is in a transient failure state and 'wait for ready' isn't enabled. "
            let words = error.message.hasPrefix(why) ? String(error.message.dropFirst(why.count)) : error.message
            return words.hasSuffix(".") ? String(words.dropLast()) : words
        case let error as IOError: return String(cString: strerror(error.errnoCode))
        default: return String(describing: error)
        }
    }

    package var description: String { "temporal \(operation) failed [\(code.rawValue)]: \(message)" }

    /// The server may answer the same call another time. As Temporal's own clients see it.
    package var isTransient: Bool {
        switch code {
        case .dataLoss, .internalError, .unknown, .resourceExhausted, .aborted, .outOfRange, .unavailable: true
        default: false
        }
    }
}

extension TemporalError.Code {
    init(_ code: RPCError.Code) {
        switch code {
        case .cancelled: self = .cancelled
        case .invalidArgument: self = .invalidArgument
        case .deadlineExceeded: self = .deadlineExceeded
        case .notFound: self = .notFound
        case .alreadyExists: self = .alreadyExists
        case .permissionDenied: self = .permissionDenied
        case .resourceExhausted: self = .resourceExhausted
        case .failedPrecondition: self = .failedPrecondition
        case .aborted: self = .aborted
        case .outOfRange: self = .outOfRange
        case .unimplemented: self = .unimplemented
        case .internalError: self = .internalError
        case .unavailable: self = .unavailable
        case .dataLoss: self = .dataLoss
        case .unauthenticated: self = .unauthenticated
        default: self = .unknown
        }
    }
}
