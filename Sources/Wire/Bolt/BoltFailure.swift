/// An error as Neo4j reports it in a FAILURE (Bolt documentation, FAILURE; Neo4j documentation, status codes).
package struct BoltFailure: Hashable, Sendable {
    /// `Neo.TransientError.Transaction.DeadlockDetected`: `Neo.`, a classification, a category and a title.
    package var code: String
    /// `nil` lets the dialect word it as the real server does.
    package var message: String?

    package init(code: String, message: String? = nil) {
        self.code = code
        self.message = message
    }

    /// The error with which Neo4j refuses: worth trying again, or not.
    package init(_ refusal: Refusal) {
        switch refusal {
        case .retryable: self.init(code: "Neo.TransientError.Transaction.DeadlockDetected")
        case .permanent: self.init(code: "Neo.ClientError.Security.Forbidden")
        }
    }

    package var wording: String { message ?? Self.wordings[code] ?? "the statement failed (\(code))" }

    /// As a GQL diagnostic record names it, by the second part of the code.
    var classification: String {
        switch code.split(separator: ".").dropFirst().first {
        case "TransientError": "TRANSIENT_ERROR"
        case "ClientError": "CLIENT_ERROR"
        default: "DATABASE_ERROR"
        }
    }

    /// What servers from Bolt 5.7 on say beside a code (Neo4j documentation, GQL errors).
    var gqlStatus: (status: String, description: String) {
        switch code {
        case "Neo.TransientError.Transaction.DeadlockDetected":
            (
                "50N05",
                "error: general processing exception - deadlock detected. Deadlock detected while trying to acquire locks. "
                    + "See log for more details."
            )
        case "Neo.TransientError.General.MemoryPoolOutOfMemoryError":
            (
                "51N72",
                "error: system configuration or operation exception - memory pool out of memory. Failed to allocate memory "
                    + "in a memory pool. See `dbms.memory.transaction.total.max` in the neo4j configuration."
            )
        default:
            // Of errors that have none of their own.
            (
                "50N42",
                "error: general processing exception - unexpected error. Unexpected error has occurred. See debug log for "
                    + "details."
            )
        }
    }

    private static let wordings = [
        "Neo.ClientError.Cluster.NotALeader":
            "No write operations are allowed directly on this database. Writes must pass through the leader.",
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase":
            "No write operations are allowed on this database. The database is in read-only mode on this Neo4j "
            + "instance.",
        "Neo.ClientError.Schema.ConstraintValidationFailed": "Node already exists with that property",
        "Neo.ClientError.Security.Forbidden": "Permission denied.",
        "Neo.ClientError.Security.Unauthorized": "The client is unauthorized due to authentication failure.",
        "Neo.ClientError.Transaction.TransactionTimedOut":
            "The transaction has not completed within the specified timeout (dbms.transaction.timeout).",
        "Neo.TransientError.General.DatabaseUnavailable":
            "The database is not currently available to serve your request.",
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError":
            "The allocation of an extra 2.0 MiB would use more than the limit. Currently using the whole of it.",
        "Neo.TransientError.Request.NoThreadsAvailable":
            "There are no available threads to serve this request at the moment. You can retry at a later time or "
            + "consider increasing max thread pool size for bolt connector(s).",
        "Neo.TransientError.Transaction.DeadlockDetected":
            "ForsetiClient can't acquire ExclusiveLock, because it would form a deadlock wait cycle.",
        "Neo.TransientError.Transaction.LeaderSwitch":
            "The request could not be completed due to cluster leader switch",
        "Neo.TransientError.Transaction.LockAcquisitionTimeout":
            "Unable to acquire lock within configured timeout.",
        "Neo.TransientError.Transaction.LockClientStopped":
            "The transaction has been terminated, so no more locks can be acquired.",
        "Neo.TransientError.Transaction.Outdated":
            "Transaction conflicts with schema or metadata changes, please retry.",
        "Neo.TransientError.Transaction.Terminated": "The transaction has been terminated.",
    ]
}
