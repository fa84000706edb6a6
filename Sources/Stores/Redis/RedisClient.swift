/// A client of Redis over hiredis: a small pool of connections, each with a thread of its own.
package final class RedisClient: Sendable {
    private let endpoint: String
    private let timeouts: Timeouts
    private let recovery: RedisRecovery
    private let pool: Pool<RedisConnection>

    /// `endpoint` as in `Endpoints.redis`.
    /// - Parameter recovery: a connection to a replica is closed, unless the caller insists on another, wrong, way.
    package init(
        endpoint: String, connections: Int = 4, timeouts: Timeouts = .standard, recovery: RedisRecovery = .none
    ) {
        self.endpoint = endpoint
        self.timeouts = timeouts
        self.recovery = recovery
        pool = Pool(service: "redis", limit: connections)
    }

    deinit {
        pool.close()
    }

    /// Runs one command. An error reply is thrown with its prefix (`WRONGTYPE`, `LOADING`, `OOM`) as the code.
    package func command(_ arguments: [String], timeout: Duration? = nil) async throws(StoreError) -> RedisReply {
        let operation = Self.operation(of: [arguments])
        let replies = try await exchange([arguments], operation, timeout)
        if case .error(let text) = replies[0] { throw RedisError.error(text, operation: operation) }
        return replies[0]
    }

    package func command(_ arguments: String...) async throws(StoreError) -> RedisReply {
        try await command(arguments)
    }

    /// Sends commands together and reads as many replies. The first error reply is thrown after all were read,
    /// as indefinite when other commands of the pipeline were applied.
    package func pipeline(_ commands: [[String]], timeout: Duration? = nil) async throws(StoreError) -> [RedisReply] {
        guard !commands.isEmpty else { return [] }
        let operation = Self.operation(of: commands)
        let replies = try await exchange(commands, operation, timeout)
        try Self.checkAll(replies, operation)
        return replies
    }

    /// Runs commands in MULTI and EXEC, sent in one go.
    package func transaction(
        _ commands: [[String]], timeout: Duration? = nil
    ) async throws(StoreError) -> [RedisReply] {
        guard !commands.isEmpty else { return [] }
        let replies = try await exchange([["MULTI"]] + commands + [["EXEC"]], "EXEC", timeout)
        switch replies[replies.count - 1] {
        case .array(let results):
            try Self.checkAll(results, "EXEC")
            return results
        case .error(let text):
            // The reason stands in the reply to the command that could not be queued.
            let reason = replies.dropLast().lazy.compactMap { if case .error(let text) = $0 { text } else { nil } }
                .first
            throw RedisError.error(reason ?? text, operation: "EXEC")
        case let other:
            throw StoreError(
                service: "redis", operation: "EXEC", outcome: .indefinite, isTransient: false,
                code: StoreError.Code.badAnswer, message: "EXEC was answered by \(other)")
        }
    }

    /// Closes all connections; calls under way fail as cancelled. Happens by itself when the client is released.
    package func close() {
        pool.close()
    }

    private func exchange(
        _ commands: [[String]], _ operation: String, _ timeout: Duration?
    ) async throws(StoreError) -> [RedisReply] {
        guard let address = ServiceAddress(endpoint, defaultPort: 6379) else {
            throw StoreError(service: "redis", operation: operation, unreadable: endpoint)
        }
        precondition(!commands.contains { $0.isEmpty }, "a command has a name")
        let deadline = Deadline(after: timeout ?? timeouts.call)
        return try await pool.perform(operation, by: deadline) {
            [timeouts, recovery] (connection, call) throws(StoreError) in
            let open = try RedisConnection.ready(&connection, address, timeouts, for: call)
            defer { if open.isSpent { connection = nil } }
            let replies = try open.exchange(commands, for: call)
            if recovery == .none, replies.contains(where: RedisError.isOfReplica) { connection = nil }
            return replies
        }
    }

    private static func checkAll(_ replies: [RedisReply], _ operation: String) throws(StoreError) {
        let errors = replies.compactMap { if case .error(let text) = $0 { text } else { nil } }
        guard let first = errors.first else { return }
        var error = RedisError.error(first, operation: operation)
        if errors.count < replies.count { error.outcome = .indefinite }
        throw error
    }

    private static func operation(of commands: [[String]]) -> String {
        let name = commands[0].first?.uppercased() ?? "command"
        return commands.count == 1 ? name : "pipeline of \(commands.count) from \(name)"
    }
}
