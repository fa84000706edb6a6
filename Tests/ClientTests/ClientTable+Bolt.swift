import Stores

/// The versions of neo4j's driver. A managed transaction (`execute-write`) is the one thing that it tries again, for thirty
/// seconds; with `first: 1` the second attempt passes.
extension ClientTable {
    private static func failed(_ kind: String, code: String = "", says text: String = "") -> Expected {
        .raises("neo4j.exceptions.\(kind)", code: code, says: text)
    }

    private static let lost = failed("ServiceUnavailable")
    private static let incomplete = failed("IncompleteCommit")
    private static let deadlock = failed("TransientError", code: "Neo.TransientError.Transaction.DeadlockDetected")
    private static let forbidden = failed("Forbidden", code: "Neo.ClientError.Security.Forbidden")

    static let bolt: [ClientCell] = [Client.Neo4jPackage.four, .five, .newest].flatMap { package in
        let client = Client.neo4j(package)
        return [
            boltQueries(client), boltTransactions(client), boltManaged(client), boltCodes(client), boltRouting(client),
        ].flatMap { $0 }
    }

    private static let create = "CREATE ClientCell"

    /// Queries that are transactions of their own.
    private static func boltQueries(_ client: Client) -> [ClientCell] {
        [
            .init(client, "write", "lose-request", at: create, lost, stored: 0),
            .init(client, "write", "lose-response", at: create, lost, stored: 1),
            .init(client, "write", "hang-request", at: create, lost, stored: 0),
            .init(client, "write", "hang-response", at: create, lost, stored: 1),
            .init(client, "write", "delay: { time: 50ms }", at: create, .gives(1), stored: 1),
            .init(client, "write", "duplicate-request", at: create, .gives(1), stored: 2),
            .init(client, "write", "truncate: { after: 10B }", at: create, lost, stored: 1),
            .init(client, "write", "error", at: create, deadlock, stored: 0),
            .init(client, "write", "error-after-apply", at: create, deadlock, stored: 1),
            .init(client, "write", "permanent-error", at: create, forbidden, stored: 0),
            .init(client, "write", "lose-request", at: "startup", failed("SessionExpired"), stored: 0),
            .init(client, "read", "lose-response", at: "UNWIND", lost),
            .init(client, "read", "truncate: { after: 1KiB }", at: "UNWIND", lost),
            .init(client, "read", "delay: { time: 50ms }", at: "UNWIND", .gives(1000)),
            .init(client, "read", "error", at: "UNWIND", deadlock),
        ]
    }

    /// A node between BEGIN and COMMIT.
    private static func boltTransactions(_ client: Client) -> [ClientCell] {
        [
            .init(client, "transaction", "lose-request", at: "COMMIT", incomplete, stored: 0),
            .init(client, "transaction", "lose-response", at: "COMMIT", incomplete, stored: 1),
            .init(client, "transaction", "hang-request", at: "COMMIT", incomplete, stored: 0),
            .init(client, "transaction", "hang-response", at: "COMMIT", incomplete, stored: 1),
            .init(client, "transaction", "delay: { time: 50ms }", at: "COMMIT", .gives("committed"), stored: 1),
            .init(client, "transaction", "error", at: "COMMIT", deadlock, stored: 0),
            .init(client, "transaction", "error-after-apply", at: "COMMIT", deadlock, stored: 1),
            .init(client, "transaction", "lose-request", at: create, lost, stored: 0),
            .init(client, "transaction", "lose-response", at: create, lost, stored: 0),
            .init(client, "transaction", "error", at: "BEGIN", deadlock, stored: 0),
            .init(
                client, "failed-transaction", "error", at: create,
                failed("TransactionError", says: "Transaction failed"), stored: 0),
        ]
    }

    /// What the driver tries again: it gives how often it called for the work.
    private static func boltManaged(_ client: Client) -> [ClientCell] {
        [
            .init(client, "execute-write", "lose-request", at: create, lost, stored: 0, attempts: 6),
            .init(
                client, "execute-write", "lose-request", at: create, when: "first: 1", .gives(2), stored: 1, attempts: 2
            ),
            .init(
                client, "execute-write", "lose-response", at: create, when: "first: 1", .gives(2), stored: 1,
                attempts: 2),
            .init(
                client, "execute-write", "truncate: { after: 10B }", at: create, when: "first: 1", .gives(2), stored: 1,
                attempts: 2),
            .init(
                client, "execute-write", "hang-request", at: create, when: "first: 1", .gives(2), stored: 1,
                attempts: 2),
            .init(client, "execute-write", "lose-request", at: "COMMIT", incomplete, stored: 0),
            .init(client, "execute-write", "lose-response", at: "COMMIT", incomplete, stored: 1),
            .init(client, "execute-write", "error", at: "COMMIT", when: "first: 1", .gives(2), stored: 1, attempts: 2),
            .init(
                client, "execute-write", "error-after-apply", at: "COMMIT", when: "first: 1", .gives(2), stored: 2,
                attempts: 2),
            .init(client, "execute-write", "permanent-error", at: create, forbidden, stored: 0),
        ]
    }

    /// Which codes have a managed transaction tried again, and which do not.
    private static func boltCodes(_ client: Client) -> [ClientCell] {
        let transient = [
            "Transaction.DeadlockDetected", "Transaction.LockAcquisitionTimeout", "Transaction.LeaderSwitch",
            "Transaction.Outdated", "General.DatabaseUnavailable", "General.MemoryPoolOutOfMemoryError",
            "Request.NoThreadsAvailable",
        ]
        let again = transient.map { "Neo.TransientError.\($0)" } + ["Neo.ClientError.Cluster.NotALeader"]
        func refused(_ code: String, _ kind: String) -> ClientCell {
            .init(
                client, "execute-write", "bolt-failure: { code: \(code) }", at: create, failed(kind, code: code),
                stored: 0)
        }
        return again.map {
            .init(
                client, "execute-write", "bolt-failure: { code: \($0) }", at: create, when: "first: 1", .gives(2),
                stored: 1, attempts: 2)
        } + [
            refused("Neo.ClientError.Schema.ConstraintValidationFailed", "ConstraintError"),
            refused("Neo.ClientError.Statement.SyntaxError", "CypherSyntaxError"),
            refused("Neo.ClientError.Transaction.Terminated", "ClientError"),
            refused("Neo.ClientError.Transaction.LockClientStopped", "ClientError"),
            refused("Neo.DatabaseError.General.UnknownError", "DatabaseError"),
        ]
    }

    /// By way of a routing table, which must not lead past the link.
    private static func boltRouting(_ client: Client) -> [ClientCell] {
        [
            .init(client, "routed", "lose-response", at: "COMMIT", incomplete, stored: 1),
            .init(client, "routed", "lose-request", at: create, when: "first: 1", .gives(2), stored: 1, attempts: 2),
            .init(client, "routed", "error", at: create, when: "first: 1", .gives(2), stored: 1, attempts: 2),
            .init(client, "routed", "delay: { time: 50ms }", at: "ROUTE", .gives(1), stored: 1),
            .init(client, "routed", "lose-request", at: "ROUTE", when: "first: 1", .gives(1), stored: 1, attempts: 2),
        ]
    }
}
