import Stores

/// What real clients make of faults on messages: client, operation, fault, what it comes to, what is stored then, and how
/// often the client has asked.
///
/// The classes are those that the real service would cause. A COPY of three rows, and a pipeline of three statements, count
/// three.
enum ClientTable {
    static let cells = [
        psycopgSimple, psycopgExtended, psycopgPipeline, psycopgCopyIn, psycopgCopyOut, psycopgTransaction,
        sqlErrors, startUp, psql, pgbench, pgDump, s3Writes, s3Reads, s3Multipart, openai, openaiStatuses, openaiQuota,
        openaiBodies, qdrantWrites, qdrantReads, curl, redis, bolt,
    ].flatMap { $0 }

    private static let lost = Expected.raises("psycopg.OperationalError")
    private static let serialization = Expected.raises("psycopg.errors.SerializationFailure", code: "40001")
    private static let forbidden = Expected.raises("psycopg.errors.InsufficientPrivilege", code: "42501")

    // MARK: PostgreSQL

    static let psycopgSimple: [ClientCell] = [
        .init(.psycopg(.simple), "write", "lose-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.simple), "write", "lose-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.simple), "write", "hang-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.simple), "write", "hang-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.simple), "write", "delay: { time: 50ms }", at: "INSERT *", .gives("written"), stored: 1),
        .init(.psycopg(.simple), "write", "duplicate-request", at: "INSERT *", .gives("written"), stored: 2),
        .init(.psycopg(.simple), "write", "truncate: { after: 4B }", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.simple), "write", "error", at: "INSERT *", serialization, stored: 0),
        .init(.psycopg(.simple), "write", "error-after-apply", at: "INSERT *", serialization, stored: 1),
        .init(.psycopg(.simple), "write", "permanent-error", at: "INSERT *", forbidden, stored: 0),
    ]

    static let psycopgExtended: [ClientCell] = [
        .init(.psycopg(.extended), "write", "lose-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.extended), "write", "lose-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.extended), "write", "hang-request", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.extended), "write", "hang-response", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.extended), "write", "delay: { time: 50ms }", at: "INSERT *", .gives("written"), stored: 1),
        .init(.psycopg(.extended), "write", "duplicate-request", at: "INSERT *", .gives("written"), stored: 2),
        .init(.psycopg(.prepared), "write", "duplicate-request", at: "INSERT *", .gives("written"), stored: 2),
        .init(.psycopg(.extended), "write", "truncate: { after: 4B }", at: "INSERT *", lost, stored: 1),
        .init(.psycopg(.extended), "write", "error", at: "INSERT *", serialization, stored: 0),
        .init(.psycopg(.prepared), "write", "error", at: "INSERT *", serialization, stored: 0),
        .init(.psycopg(.extended), "write", "error-after-apply", at: "INSERT *", serialization, stored: 1),
        .init(.psycopg(.extended), "write", "permanent-error", at: "INSERT *", forbidden, stored: 0),
        .init(
            .psycopg(.extended), "read", "lose-request", at: "SELECT*", lost),
        .init(.psycopg(.extended), "read", "lose-response", at: "SELECT*", lost),
        .init(.psycopg(.extended), "read", "truncate: { after: 1KiB }", at: "SELECT*", lost),
        .init(.psycopg(.extended), "read", "duplicate-request", at: "SELECT*", .gives(1000)),
        .init(.psycopg(.extended), "read", "error-after-apply", at: "SELECT*", serialization),
        .init(.psycopg(.simple), "read", "error-after-apply", at: "SELECT*", serialization),
    ]

    /// Three statements that a Sync makes one transaction; the fault strikes the first, and the server skips the others.
    static let psycopgPipeline: [ClientCell] = [
        .init(
            .psycopg(.pipeline), "write", "lose-request", at: "INSERT *", when: "first: 1", lost, stored: 0),
        .init(
            .psycopg(.pipeline), "write", "lose-response", at: "INSERT *", when: "first: 1", lost, stored: 3,
            attempts: 3),
        .init(.psycopg(.pipeline), "write", "hang-request", at: "INSERT *", when: "first: 1", lost, stored: 0),
        .init(
            .psycopg(.pipeline), "write", "delay: { time: 50ms }", at: "INSERT *", when: "first: 1",
            .gives("written"), stored: 3, attempts: 3),
        .init(
            .psycopg(.pipeline), "write", "duplicate-request", at: "INSERT *", when: "first: 1", .gives("written"),
            stored: 4, attempts: 3),
        .init(
            .psycopg(.pipeline), "write", "error", at: "INSERT *", when: "first: 1", serialization, stored: 0,
            attempts: 1...3),
        .init(
            .psycopg(.pipeline), "write", "permanent-error", at: "INSERT *", when: "nth: 3", forbidden, stored: 0,
            attempts: 3),
        .init(
            .psycopg(.pipeline), "write", "error-after-apply", at: "INSERT *", when: "nth: 3", serialization,
            stored: 3, attempts: 3),
    ]

    static let psycopgCopyIn: [ClientCell] = [
        .init(.psycopg(.extended), "copy-in", "lose-request", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "lose-response", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "hang-request", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "hang-response", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "delay: { time: 50ms }", at: "COPY *", .gives("copied"), stored: 3),
        .init(.psycopg(.extended), "copy-in", "truncate: { after: 4B }", at: "COPY *", lost, stored: 0),
        .init(.psycopg(.extended), "copy-in", "error", at: "COPY *", serialization, stored: 0),
        .init(.psycopg(.extended), "copy-in", "error-after-apply", at: "COPY *", serialization, stored: 3),
        .init(.psycopg(.extended), "copy-in", "permanent-error", at: "COPY *", forbidden, stored: 0),
    ]

    static let psycopgCopyOut: [ClientCell] = [
        .init(.psycopg(.extended), "copy-out", "lose-request", at: "COPY*", lost),
        .init(.psycopg(.extended), "copy-out", "lose-response", at: "COPY*", lost),
        .init(.psycopg(.extended), "copy-out", "truncate: { after: 1KiB }", at: "COPY*", lost),
        .init(.psycopg(.extended), "copy-out", "error", at: "COPY*", serialization),
        .init(.psycopg(.extended), "copy-out", "error-after-apply", at: "COPY*", serialization),
    ]

    /// The row is written between BEGIN and COMMIT.
    static let psycopgTransaction: [ClientCell] = [
        .init(.psycopg(.extended), "transaction", "lose-request", at: "COMMIT", lost, stored: 0),
        .init(.psycopg(.extended), "transaction", "lose-response", at: "COMMIT", lost, stored: 1),
        .init(.psycopg(.extended), "transaction", "hang-request", at: "COMMIT", lost, stored: 0),
        .init(.psycopg(.extended), "transaction", "hang-response", at: "COMMIT", lost, stored: 1),
        .init(.psycopg(.extended), "transaction", "error", at: "COMMIT", serialization, stored: 0),
        .init(.psycopg(.extended), "transaction", "error-after-apply", at: "COMMIT", serialization, stored: 1),
        .init(
            .psycopg(.extended), "transaction", "duplicate-request", at: "COMMIT", .gives("committed"), stored: 1),
        .init(.psycopg(.extended), "transaction", "lose-response", at: "INSERT *", lost, stored: 0),
        .init(.psycopg(.extended), "transaction", "error", at: "INSERT *", serialization, stored: 0),
        .init(
            .psycopg(.simple), "failed-transaction", "error", at: "INSERT *",
            .gives(["40001", "INERROR", "25P02", 1]), stored: 0),
        .init(
            .psycopg(.extended), "failed-transaction", "error", at: "INSERT *",
            .gives(["40001", "INERROR", "25P02", 1]), stored: 0),
        .init(
            .psycopg(.extended), "failed-transaction", "error-after-apply", at: "INSERT *",
            .gives(["40001", "INERROR", "25P02", 1]), stored: 0),
    ]

    private static func sqlError(_ sqlstate: String, _ kind: String, _ text: String) -> ClientCell {
        .init(
            .psycopg(.extended), "transaction", "sql-error: { sqlstate: \(sqlstate) }", at: "INSERT *",
            .raises("psycopg.errors.\(kind)", code: sqlstate, says: text), stored: 0)
    }

    static let sqlErrors: [ClientCell] = [
        sqlError("40001", "SerializationFailure", "could not serialize access due to concurrent update"),
        sqlError("40P01", "DeadlockDetected", "deadlock detected"),
        sqlError("57P01", "AdminShutdown", "terminating connection due to administrator command"),
        sqlError("57014", "QueryCanceled", "canceling statement due to statement timeout"),
        sqlError("25006", "ReadOnlySqlTransaction", "read-only transaction"),
        sqlError("53100", "DiskFull", "No space left on device"),
        sqlError("53200", "OutOfMemory", "out of memory"),
        sqlError("55P03", "LockNotAvailable", "lock timeout"),
        sqlError("23505", "UniqueViolation", "duplicate key value violates unique constraint"),
        sqlError("23503", "ForeignKeyViolation", "violates foreign key constraint"),
        .init(
            .psycopg(.extended), "transaction", "sql-error: { sqlstate: 40001, after-apply: true }", at: "COMMIT",
            serialization, stored: 1),
        .init(
            .psycopg(.extended), "transaction", "sql-error: { sqlstate: 57P01 }", at: "COMMIT",
            .raises("psycopg.errors.AdminShutdown", code: "57P01"), stored: 0),
    ]

    private static func refused(_ client: Client, _ sqlstate: String, _ outcome: Expected) -> ClientCell {
        .init(
            client, client == .psql ? "command" : "write", "sql-error: { sqlstate: \(sqlstate) }", at: "startup",
            outcome, stored: 0)
    }

    static let startUp: [ClientCell] = [
        refused(
            .psycopg(.simple), "53300",
            .raises("psycopg.OperationalError", says: "FATAL:  sorry, too many clients already")),
        refused(
            .psycopg(.simple), "57P03",
            .raises("psycopg.OperationalError", says: "FATAL:  the database system is starting up")),
        refused(
            .psycopg(.simple), "28P01", .raises("psycopg.OperationalError", says: "password authentication failed")),
        refused(.psycopg(.simple), "3D000", .raises("psycopg.OperationalError", says: "does not exist")),
        refused(.psql, "53300", .exits(2, says: "FATAL:  sorry, too many clients already")),
        .init(.psycopg(.simple), "write", "lose-request", at: "startup", lost, stored: 0),
        .init(.psycopg(.simple), "write", "lose-response", at: "startup", lost, stored: 0),
    ]

    static let psql: [ClientCell] = [
        .init(
            .psql, "command", "lose-request", at: "INSERT *",
            .exits(2, says: "connection to server was lost"), stored: 0),
        .init(
            .psql, "command", "lose-response", at: "INSERT *",
            .exits(2, says: "connection to server was lost"), stored: 1),
        .init(
            .psql, "command", "hang-response", at: "INSERT *",
            .exits(2, says: "connection to server was lost"), stored: 1),
        .init(
            .psql, "command", "error", at: "INSERT *",
            .exits(1, says: "ERROR:  could not serialize access due to concurrent update"), stored: 0),
        .init(
            .psql, "script", "error-after-apply", at: "INSERT *",
            .exits(3, says: "ERROR:  could not serialize access due to concurrent update"), stored: 1),
        .init(
            .psql, "script", "permanent-error", at: "INSERT *", .exits(3, says: "ERROR:  permission denied"),
            stored: 0),
        .init(
            .psql, "command", "sql-error: { sqlstate: 57P01 }", at: "INSERT *",
            .exits(2, says: "FATAL:  terminating connection due to administrator command"), stored: 0),
        .init(.psql, "command", "duplicate-request", at: "INSERT *", .exits(0, says: "INSERT 0 1"), stored: 2),
        .init(.psql, "read", "truncate: { after: 2KiB }", at: "SELECT*", .exits(2)),
    ]

    static let pgbench: [ClientCell] = [
        .init(
            .pgbench, "simple", "error", at: "INSERT *", when: "first: 1",
            .exits(0, says: "number of transactions retried: 1"), stored: 1, attempts: 2),
        .init(
            .pgbench, "extended", "error", at: "INSERT *", when: "first: 1",
            .exits(0, says: "number of transactions retried: 1"), stored: 1, attempts: 2),
        .init(
            .pgbench, "prepared", "sql-error: { sqlstate: 40P01 }", at: "INSERT *",
            .exits(0, says: "number of failed transactions: 1"), stored: 0, attempts: 2),
        .init(
            .pgbench, "simple", "permanent-error", at: "INSERT *", .exits(2, says: "permission denied"), stored: 0),
        .init(.pgbench, "prepared", "lose-response", at: "INSERT *", .exits(2, says: "aborted"), stored: 1),
        .init(.pgbench, "extended", "lose-request", at: "INSERT *", .exits(2, says: "aborted"), stored: 0),
    ]

    static let pgDump: [ClientCell] = [
        .init(.pgDump, "dump", "lose-response", at: "COPY *", .exits(1, says: "error")),
        .init(.pgDump, "dump", "error", at: "COPY *", .exits(1, says: "could not serialize access")),
        .init(.pgDump, "dump", "permanent-error", at: "LOCK *", .exits(1, says: "permission denied")),
        .init(.pgDump, "dump", "truncate: { after: 3B }", at: "COPY *", .exits(1, says: "error")),
    ]
}
