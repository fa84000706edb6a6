package import Wire

/// A client of Neo4j, and of what speaks Bolt 5.x or 4.4: a small pool of connections, each with a thread of its own.
package final class BoltClient: Sendable {
    private let endpoint: String
    private let timeouts: Timeouts
    private let pool: Pool<BoltConnection>

    /// `endpoint` as in `Endpoints.neo4j`. `neo4j://` is taken like `bolt://`: there is no routing.
    package init(endpoint: String, connections: Int = 8, timeouts: Timeouts = .standard) {
        self.endpoint = endpoint
        self.timeouts = timeouts
        pool = Pool(service: "neo4j", limit: connections)
    }

    deinit {
        pool.close()
    }

    /// Runs one query in a transaction of its own.
    package func run(
        _ cypher: String, _ parameters: [String: BoltValue] = [:], timeout: Duration? = nil
    ) async throws(StoreError) -> BoltResult {
        let operation = SQLText.firstWord(of: cypher)
        let address = try address(for: operation)
        let deadline = Deadline(after: timeout ?? timeouts.call)
        return try await pool.perform(operation, by: deadline) { [timeouts] (connection, call) throws(StoreError) in
            let open = try BoltConnection.ready(&connection, address, timeouts, for: call)
            do throws(StoreError) {
                return try open.run(cypher, parameters, stakes: .autoCommit, for: call)
            } catch {
                if open.state == .failed, !open.isOfFollower { try? open.reset(for: call) }
                if open.state != .ready { connection = nil }
                throw error
            }
        }
    }

    /// Runs `body` between BEGIN and COMMIT on one connection. An error thrown by `body` rolls back and is passed on.
    /// The time-out is for each query. A connection lost under COMMIT is indefinite; lost before, definite.
    /// - Parameter recovery: an error ends the transaction, unless the caller insists on another, wrong, way.
    @discardableResult
    package func transaction<Value: Sendable>(
        timeout: Duration? = nil, recovery: BoltRecovery = .none, _ body: (BoltTransaction) async throws -> Value
    ) async throws -> Value {
        let address = try address(for: "BEGIN")
        let limit = timeout ?? timeouts.call
        let seat = try await pool.take("BEGIN", by: Deadline(after: limit))
        defer { pool.giveBack(seat) }
        let transaction = BoltTransaction(seat: seat, timeout: limit, recovery: recovery)
        defer { transaction.end() }
        do {
            try await seat.perform("BEGIN", by: Deadline(after: limit)) {
                [timeouts] (connection, call) throws(StoreError) in
                try BoltConnection.ready(&connection, address, timeouts, for: call).begin(for: call)
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

    private func address(for operation: String) throws(StoreError) -> ServiceAddress {
        guard let address = ServiceAddress(endpoint, defaultPort: 7687) else {
            throw StoreError(service: "neo4j", operation: operation, unreadable: endpoint)
        }
        return address
    }
}
