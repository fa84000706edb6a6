/// A client of PostgreSQL over libpq: a small pool of connections, each with a thread of its own.
package final class PostgresClient: Sendable {
    private let endpoint: String
    private let timeouts: Timeouts
    private let pool: Pool<PostgresConnection>

    /// `endpoint` as in `Endpoints.postgres`, or any connection string of libpq.
    package init(endpoint: String, connections: Int = 8, timeouts: Timeouts = .standard) {
        self.endpoint = endpoint
        self.timeouts = timeouts
        pool = Pool(service: "postgres", limit: connections)
    }

    deinit {
        pool.close()
    }

    /// Runs one statement and commits it. Parameters are in text format; the server decides their types by their place.
    package func query(
        _ sql: String, _ parameters: [String?] = [], timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresResult {
        try await run(.one(sql, parameters: parameters), named: SQLText.firstWord(of: sql), timeout: timeout)
    }

    /// Runs statements that PostgreSQL's simple protocol takes together: DDL, several separated by semicolons.
    /// They succeed or fail as one.
    package func execute(_ script: String, timeout: Duration? = nil) async throws(StoreError) {
        _ = try await run(.script(script), named: SQLText.firstWord(of: script), timeout: timeout)
    }

    /// Runs `body` between BEGIN and COMMIT on one connection. An error thrown by `body` rolls back and is passed on.
    /// The time-out is for each statement. A connection lost under COMMIT is indefinite; lost before, definite.
    /// - Parameter recovery: an error ends the transaction, unless the caller insists on another, wrong, way.
    @discardableResult
    package func transaction<Value: Sendable>(
        begin: String = "BEGIN", timeout: Duration? = nil, recovery: PostgresRecovery = .none,
        _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        let limit = timeout ?? timeouts.call
        let seat = try await pool.take("BEGIN", by: Deadline(after: limit))
        defer { pool.giveBack(seat) }
        let transaction = PostgresTransaction(seat: seat, timeout: limit, recovery: recovery) {
            [endpoint, timeouts] (connection, call) throws(StoreError) in
            try PostgresConnection.ready(&connection, endpoint, timeouts, for: call)
        }
        defer { transaction.end() }
        do {
            _ = try await seat.perform("BEGIN", by: Deadline(after: limit)) {
                [endpoint, timeouts] (connection, call) throws(StoreError) in
                try PostgresConnection.ready(&connection, endpoint, timeouts, for: call)
                    .run(.one(begin, parameters: []), stakes: .none, for: call)
            }
            let value = try await body(transaction)
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollBack(within: Task.isCancelled ? .seconds(1) : timeouts.connect)
            throw error
        }
    }

    /// Closes all connections; calls under way fail as cancelled. Happens by itself when the client is released.
    package func close() {
        pool.close()
    }

    private func run(
        _ statement: PostgresConnection.Statement, named operation: String, timeout: Duration?
    ) async throws(StoreError) -> PostgresResult {
        let deadline = Deadline(after: timeout ?? timeouts.call)
        return try await pool.perform(operation, by: deadline) {
            [endpoint, timeouts] (connection, call) throws(StoreError) in
            let open = try PostgresConnection.ready(&connection, endpoint, timeouts, for: call)
            // A connection that was interrupted, or that somebody's BEGIN left open, serves nobody else.
            defer { if !open.isIdle { connection = nil } }
            return try open.run(statement, stakes: .autoCommit, for: call)
        }
    }
}
