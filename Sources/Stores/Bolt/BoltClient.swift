/// A client of Neo4j, and of what speaks Bolt 5.x or 4.4: a small pool of connections, each with a thread of its own.
package final class BoltClient: Sendable {
    /// `endpoint` as in `Endpoints.neo4j`.
    package init(endpoint: String, connections: Int = 8, timeouts: Timeouts = .standard) {
    }

    /// Runs one query in a transaction of its own.
    package func run(
        _ cypher: String, _ parameters: [String: BoltValue] = [:], timeout: Duration? = nil
    ) async throws(StoreError) -> BoltResult {
        fatalError("not yet")
    }

    /// Runs `body` between BEGIN and COMMIT on one connection. An error thrown by `body` rolls back and is passed on.
    /// The time-out is for each query. A connection lost under COMMIT is indefinite.
    package func transaction<Result: Sendable>(
        timeout: Duration? = nil, _ body: (BoltTransaction) async throws -> Result
    ) async throws -> Result {
        fatalError("not yet")
    }

    /// Closes all connections; calls under way fail as cancelled. Happens by itself when the client is released.
    package func close() {}
}

/// An open transaction; valid inside the closure that it is handed to.
package struct BoltTransaction: Sendable {
    package func run(
        _ cypher: String, _ parameters: [String: BoltValue] = [:], timeout: Duration? = nil
    ) async throws(StoreError) -> BoltResult {
        fatalError("not yet")
    }
}
