import Foundation

/// The program of faultline itself, where it starts a process of its own.
package enum FaultlineProgram {
    /// The running program, or the one that was built beside a test bundle; `FAULTLINE_BINARY` names another.
    package static var path: String {
        if let named = ProcessInfo.processInfo.environment["FAULTLINE_BINARY"], !named.isEmpty { return named }
        return StackHome.programFolder + "/faultline"
    }
}
