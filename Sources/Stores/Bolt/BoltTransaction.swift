internal import Synchronization
package import Wire

/// An open transaction; valid inside the closure that it is handed to.
package final class BoltTransaction: Sendable {
    private let seat: Seat<BoltConnection>
    private let timeout: Duration
    private let recovery: BoltRecovery
    private let isOver = Atomic(false)

    init(seat: Seat<BoltConnection>, timeout: Duration, recovery: BoltRecovery) {
        self.seat = seat
        self.timeout = timeout
        self.recovery = recovery
    }

    /// Runs one query. All its errors are definite: without COMMIT, nothing of it lasts.
    @discardableResult
    package func run(
        _ cypher: String, _ parameters: [String: BoltValue] = [:], timeout: Duration? = nil
    ) async throws(StoreError) -> BoltResult {
        try await perform(SQLText.firstWord(of: cypher), timeout ?? self.timeout) {
            [recovery] (open, call) throws(StoreError) in
            let stakes: BoltConnection.Stakes = open.state == .ready ? .autoCommit : .none
            do throws(StoreError) {
                return try open.run(cypher, parameters, stakes: stakes, for: call)
            } catch {
                guard recovery == .resumes, open.state == .failed else { throw error }
                try open.reset(for: call)
            }
            // In a transaction of its own.
            do throws(StoreError) {
                return try open.run(cypher, parameters, stakes: .autoCommit, for: call)
            } catch {
                if open.state == .failed { try open.reset(for: call) }
                throw error
            }
        }
    }

    func commit() async throws(StoreError) {
        try await perform("COMMIT", timeout) { [recovery] (open, call) throws(StoreError) in
            do throws(StoreError) {
                if open.state == .inTransaction { try open.commit(for: call) }
            } catch {
                // What forgets RESET forgets it after queries.
                if recovery == .forgetsReset, open.state == .failed { try open.reset(for: call) }
                throw error
            }
        }
    }

    /// Leaves nothing open, also when the calling task is cancelled: rolls back, or drops the connection.
    func rollBack(within limit: Duration) async {
        try? await seat.performShielded("ROLLBACK", by: Deadline(after: limit)) {
            [recovery] (connection, call) throws(StoreError) in
            guard let open = connection, open.state != .ready else { return }
            connection = nil
            if open.state == .spent || open.isOfFollower && recovery != .keepsFollowers { return }
            if recovery == .forgetsReset, open.state == .failed {
                open.forgetFailure()
            } else {
                try open.rollBack(for: call)
            }
            connection = open
        }
    }

    func end() {
        isOver.store(true, ordering: .releasing)
    }

    private func perform<Value: Sendable>(
        _ operation: String, _ timeout: Duration,
        _ work: @escaping @Sendable (BoltConnection, Call) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        precondition(!isOver.load(ordering: .acquiring), "a transaction is used after its closure returned")
        return try await seat.perform(operation, by: Deadline(after: timeout)) {
            [recovery] (connection, call) throws(StoreError) in
            switch connection?.state {
            case .inTransaction?:
                return try work(connection!, call)
            case .ready? where recovery == .resumes:
                return try work(connection!, call)
            case .failed?:
                throw Self.failure(
                    operation, StoreError.Code.misuse,
                    "a query of the transaction failed before, so it can only roll back")
            default:
                throw Self.failure(
                    operation, StoreError.Code.connectionLost, "the transaction's connection was lost before")
            }
        }
    }

    private static func failure(_ operation: String, _ code: String, _ message: String) -> StoreError {
        StoreError(
            service: "neo4j", operation: operation, outcome: .definite, isTransient: code != StoreError.Code.misuse,
            code: code, message: message)
    }
}
