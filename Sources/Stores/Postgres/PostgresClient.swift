/// A client of PostgreSQL over libpq: a small pool of connections, each with a thread of its own.
package final class PostgresClient: Sendable {
    /// `endpoint` as in `Endpoints.postgres`, or any connection string of libpq.
    package init(endpoint: String, connections: Int = 8, timeouts: Timeouts = .standard) {
    }

    /// Runs one statement and commits it. Parameters are in text format; the server decides their types by their place.
    package func query(
        _ sql: String, _ parameters: [String?] = [], timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresResult {
        fatalError("not yet")
    }

    /// Runs statements that PostgreSQL's simple protocol takes together: DDL, several separated by semicolons.
    package func execute(_ script: String, timeout: Duration? = nil) async throws(StoreError) {
        fatalError("not yet")
    }

    /// Runs `body` between BEGIN and COMMIT on one connection. An error thrown by `body` rolls back and is passed on.
    /// The time-out is for each statement. A connection lost under COMMIT is indefinite.
    package func transaction<Result: Sendable>(
        begin: String = "BEGIN", timeout: Duration? = nil,
        _ body: (PostgresTransaction) async throws -> Result
    ) async throws -> Result {
        fatalError("not yet")
    }

    /// Closes all connections; calls under way fail as cancelled. Happens by itself when the client is released.
    package func close() {}
}

/// An open transaction; valid inside the closure that it is handed to.
package struct PostgresTransaction: Sendable {
    package func query(
        _ sql: String, _ parameters: [String?] = [], timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresResult {
        fatalError("not yet")
    }
}
