import Glibc

/// How a child of this process ended.
package enum ChildExit: Hashable, Sendable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    /// nil while the child runs, and when it is no child of ours.
    static func poll(_ id: Int32) -> ChildExit? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        let signal = status & 0x7f
        return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
    }

    package var description: String {
        switch self {
        case .code(let code): "exited with code \(code)"
        case .signal(let signal): "was ended by signal \(signal)"
        }
    }
}
