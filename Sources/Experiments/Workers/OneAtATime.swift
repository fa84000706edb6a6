/// Work that must not overlap, in the order of asking. Cancelling who waits for it does not cut it short.
actor OneAtATime {
    private var last: Task<Void, Never>?

    func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let former = last
        let present = Task {
            await former?.value
            return try await work()
        }
        last = Task { _ = await present.result }
        return try await present.value
    }
}
