/// A client of Redis over hiredis: a small pool of connections, each with a thread of its own.
package final class RedisClient: Sendable {
    /// `endpoint` as in `Endpoints.redis`.
    package init(endpoint: String, connections: Int = 4, timeouts: Timeouts = .standard) {
    }

    /// Runs one command. An error reply is thrown with its prefix (`WRONGTYPE`, `LOADING`, `OOM`) as the code.
    package func command(_ arguments: [String], timeout: Duration? = nil) async throws(StoreError) -> RedisReply {
        fatalError("not yet")
    }

    package func command(_ arguments: String...) async throws(StoreError) -> RedisReply {
        try await command(arguments)
    }

    /// Sends commands together and reads as many replies. The first error reply is thrown after all were read,
    /// as indefinite when another command of the pipeline was applied.
    package func pipeline(_ commands: [[String]], timeout: Duration? = nil) async throws(StoreError) -> [RedisReply] {
        fatalError("not yet")
    }

    /// Runs commands in MULTI and EXEC, in one go.
    package func transaction(
        _ commands: [[String]], timeout: Duration? = nil
    ) async throws(StoreError) -> [RedisReply] {
        fatalError("not yet")
    }

    /// Closes all connections; calls under way fail as cancelled. Happens by itself when the client is released.
    package func close() {}
}
