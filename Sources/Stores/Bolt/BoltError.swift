/// What Neo4j's status codes mean for a caller (neo4j.com/docs/status-codes).
enum BoltError {
    /// Transient by their name, though the situation is not.
    private static let permanent: Set = [
        "Neo.TransientError.Transaction.Terminated", "Neo.TransientError.Transaction.LockClientStopped",
    ]

    /// Client errors by their name that another attempt may mend: another server leads, or leads no more.
    private static let elsewhere: Set = [
        "Neo.ClientError.Cluster.NotALeader", "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
    ]

    /// The server takes no writes, and another one does.
    static func isOfFollower(_ code: String) -> Bool { elsewhere.contains(code) }

    /// The server itself does not know whether the transaction lasts.
    static func leavesDoubt(_ code: String) -> Bool {
        code == "Neo.DatabaseError.Transaction.TransactionCommitFailed"
    }

    static func error(code: String, message: String, operation: String) -> StoreError {
        let isTransient =
            code.hasPrefix("Neo.TransientError.") && !permanent.contains(code) || elsewhere.contains(code)
        return StoreError(
            service: "neo4j", operation: operation, outcome: .definite, isTransient: isTransient, code: code,
            message: message)
    }
}
