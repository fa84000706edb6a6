package import Stack
package import Stores

/// The native stack for the time of a command: found, or started and then stopped again.
package struct StackSession: Sendable {
    package let endpoints: Endpoints
    /// This command started it.
    package let isOurs: Bool
    private let stack: NativeStack

    /// Starts the stack when none is up.
    package static func begin(
        progress: @escaping @Sendable (StackProgress) -> Void
    ) async throws -> StackSession {
        let stack = try NativeStack()
        if let state = try? stack.state() {
            // One that a run had killed, which was killed itself, is started again.
            if !state.services.allSatisfy({ $0.process?.isAlive == true }) { try await stack.up(progress: progress) }
            return StackSession(endpoints: state.endpoints, isOurs: false, stack: stack)
        }
        return StackSession(endpoints: try await stack.up(progress: progress).endpoints, isOurs: true, stack: stack)
    }

    /// Stops the stack if this session started it, also when the task is cancelled.
    package func end(progress: @escaping @Sendable (StackProgress) -> Void) async throws {
        guard isOurs else { return }
        let stack = stack
        try await Task { try await stack.down(progress: progress) }.value
    }
}
