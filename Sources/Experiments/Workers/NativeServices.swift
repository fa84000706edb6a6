import Stack

/// The services of the native stack, for faults: one change at a time, since a stack is changed by one alone.
struct NativeServices: Sendable {
    let stack: NativeStack
    private let turn = OneAtATime()

    init(_ stack: NativeStack) { self.stack = stack }

    func kill(_ name: String) async throws {
        let stack = stack
        try await turn.run { try await stack.kill(name) }
    }

    func start(_ name: String) async throws {
        let stack = stack
        try await turn.run { _ = try await stack.start(name) }
    }

    /// - Parameter ended: called once it has ended.
    func restart(_ name: String, ended: @escaping @Sendable () -> Void) async throws {
        let stack = stack
        try await turn.run {
            try await stack.stop(name)
            ended()
            _ = try await stack.start(name)
        }
    }
}
