/// Work took longer than it may. Whether it had an effect is not known.
package struct TimeLimitExceeded: Error, Hashable, Sendable, CustomStringConvertible {
    package var limit: Duration

    package init(limit: Duration) {
        self.limit = limit
    }

    package var description: String { "took longer than \(limit)" }
}

/// Cancels `work` when it takes longer than `limit`, and waits for it to end: nothing runs on behind the caller's back.
/// Work that succeeds in spite of its cancellation has succeeded.
///
/// - Throws: what `work` throws, or `TimeLimitExceeded`.
package func withTimeLimit<Value: Sendable>(
    _ limit: Duration?, clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard let limit else { return try await work() }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await clock.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        if let value = try await group.next().flatMap({ $0 }) { return value }
        group.cancelAll()
        if let late = try? await group.next(), let value = late { return value }
        throw TimeLimitExceeded(limit: limit)
    }
}
