internal import Glibc

/// Why a wait or a transfer on a connection ended without what it was for.
enum Interruption: Error {
    case timeout
    case cancelled
    /// The client was closed.
    case closed
    /// The other side ended the connection.
    case ended
    /// The caller asked for what this client cannot do.
    case unusable(String)
    case tooLarge(limitBytes: Int)
    /// What came breaks the protocol.
    case garbled(String)
    case system(operation: String, Int32)

    var code: String {
        switch self {
        case .timeout: StoreError.Code.timeout
        case .cancelled, .closed: StoreError.Code.cancelled
        case .ended, .system: StoreError.Code.connectionLost
        case .unusable: StoreError.Code.misuse
        case .garbled: StoreError.Code.badAnswer
        case .tooLarge: StoreError.Code.tooLarge
        }
    }

    var isTransient: Bool {
        switch self {
        case .timeout, .ended, .garbled, .system: true
        case .cancelled, .closed, .unusable, .tooLarge: false
        }
    }

    var message: String {
        switch self {
        case .timeout: "no answer within the time-out"
        case .cancelled: "the caller cancelled it"
        case .closed: "the client was closed"
        case .ended: "the server closed the connection"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .unusable(let why), .garbled(let why): why
        case .system(let operation, let code): "\(operation): \(String(cString: strerror(code)))"
        }
    }
}
