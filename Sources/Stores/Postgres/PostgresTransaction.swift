internal import Synchronization

/// An open transaction; valid inside the closure that it is handed to.
package final class PostgresTransaction: Sendable {
    typealias Connect = @Sendable (inout PostgresConnection?, Call) throws(StoreError) -> PostgresConnection

    private let seat: Seat<PostgresConnection>
    private let timeout: Duration
    private let recovery: PostgresRecovery
    private let connect: Connect
    private let isOver = Atomic(false)

    /// - Parameter connect: gives the seat a connection, for a recovery that reconnects.
    init(
        seat: Seat<PostgresConnection>, timeout: Duration, recovery: PostgresRecovery, connect: @escaping Connect
    ) {
        self.seat = seat
        self.timeout = timeout
        self.recovery = recovery
        self.connect = connect
    }

    /// Runs one statement. All its errors are definite: without COMMIT, nothing of it lasts.
    @discardableResult
    package func query(
        _ sql: String, _ parameters: [String?] = [], timeout: Duration? = nil
    ) async throws(StoreError) -> PostgresResult {
        try await run(.one(sql, parameters: parameters), .none, SQLText.firstWord(of: sql), timeout ?? self.timeout)
    }

    func commit() async throws(StoreError) {
        _ = try await run(.one("COMMIT", parameters: []), .commit, "COMMIT", timeout)
    }

    /// Leaves nothing open, also when the calling task is cancelled: rolls back, or drops the connection.
    func rollBack(within limit: Duration) async {
        _ = try? await seat.performShielded("ROLLBACK", by: Deadline(after: limit)) {
            (connection, call) throws(StoreError) in
            guard let open = connection, !open.isIdle else { return () }
            connection = nil
            if open.isInTransaction {
                _ = try open.run(.one("ROLLBACK", parameters: []), stakes: .none, for: call)
                connection = open
            }
        }
    }

    func end() {
        isOver.store(true, ordering: .releasing)
    }

    private func run(
        _ statement: PostgresConnection.Statement, _ stakes: PostgresConnection.Stakes, _ operation: String,
        _ timeout: Duration
    ) async throws(StoreError) -> PostgresResult {
        precondition(!isOver.load(ordering: .acquiring), "a transaction is used after its closure returned")
        do throws(StoreError) {
            return try await send(statement, stakes, operation, timeout)
        } catch let error where recovery.repeats(after: error) {
            return try await send(statement, stakes, operation, timeout)
        }
    }

    private func send(
        _ statement: PostgresConnection.Statement, _ stakes: PostgresConnection.Stakes, _ operation: String,
        _ timeout: Duration
    ) async throws(StoreError) -> PostgresResult {
        try await seat.perform(operation, by: Deadline(after: timeout)) {
            [recovery, connect] (connection, call) throws(StoreError) in
            if let open = connection, open.isInTransaction {
                return try open.run(statement, stakes: stakes, for: call)
            }
            guard recovery == .reconnects else {
                throw StoreError(
                    service: "postgres", operation: operation, outcome: .definite, isTransient: true,
                    code: StoreError.Code.connectionLost, message: "the transaction's connection was lost before")
            }
            return try connect(&connection, call).run(statement, stakes: stakes, for: call)
        }
    }
}
