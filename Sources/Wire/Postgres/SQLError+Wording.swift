/// How PostgreSQL itself treats and words errors (PostgreSQL documentation, appendix A; the server's sources).
extension SQLError {
    /// The error with which PostgreSQL refuses: worth trying again, or not.
    package init(_ refusal: Refusal) {
        switch refusal {
        case .retryable: self.init(sqlstate: "40001")
        case .permanent: self.init(sqlstate: "42501")
        }
    }

    /// Errors that arise before there is a session.
    package static let atStartup: Set<String> = ["53300", "57P03", "28000", "28P01", "3D000"]

    /// Whether the server ends the session with it.
    package var isFatal: Bool {
        endsSession || Self.atStartup.contains(sqlstate)
            || ["57P01", "57P02", "57P04", "57P05", "25P03"].contains(sqlstate)
    }

    package var wording: String { message ?? Self.wordings[sqlstate] ?? "the statement failed (\(sqlstate))" }

    private static let wordings = [
        "08006": "connection failure",
        "22001": "value too long for type character varying(255)",
        "23503": "insert or update on table violates foreign key constraint",
        "23505": "duplicate key value violates unique constraint",
        "25006": "cannot execute statement in a read-only transaction",
        "25P03": "terminating connection due to idle-in-transaction timeout",
        "28000": "role is not permitted to log in",
        "28P01": "password authentication failed",
        "3D000": "database does not exist",
        "40001": "could not serialize access due to concurrent update",
        "40P01": "deadlock detected",
        "42501": "permission denied for table",
        "53100": "could not extend file: No space left on device",
        "53200": "out of memory",
        "53300": "sorry, too many clients already",
        "55P03": "canceling statement due to lock timeout",
        "57014": "canceling statement due to statement timeout",
        "57P01": "terminating connection due to administrator command",
        "57P02": "terminating connection because of crash of another server process",
        "57P03": "the database system is starting up",
        "57P05": "terminating connection due to idle-session timeout",
        "XX000": "unexpected internal error",
    ]
}
