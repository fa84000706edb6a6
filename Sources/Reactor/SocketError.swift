import Glibc

/// A call on a socket that the system refused.
package struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was being done, as in "listen on 127.0.0.1:5432".
    package var doing: String
    /// The system's error number; `EAI_*` codes of name resolution are not among them and carry 0.
    package var code: Int32
    package var message: String

    package init(doing: String, code: Int32, message: String) {
        self.doing = doing
        self.code = code
        self.message = message
    }

    /// No descriptor or no memory was left: later there may be.
    package var isExhaustion: Bool { [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) }

    package var description: String { "cannot \(doing): \(message)" }

    /// The error that `errno` holds now.
    package static func last(_ doing: String) -> SocketError {
        let code = errno
        return SocketError(doing: doing, code: code, message: String(cString: strerror(code)))
    }
}
