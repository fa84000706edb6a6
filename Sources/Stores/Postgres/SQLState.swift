/// What PostgreSQL's error codes mean for a caller (appendix A of its manual).
enum SQLState {
    static let inFailedTransaction = "25P02"

    /// The same statement may succeed later: serialization failure, deadlock, no resources, shutting down or starting,
    /// connection trouble.
    static func isTransient(_ code: String) -> Bool {
        code == "40001" || code == "40P01" || code.hasPrefix("53") || code.hasPrefix("57P0") || code.hasPrefix("08")
    }

    /// The server itself does not know: transaction_resolution_unknown, statement_completion_unknown.
    static func leavesDoubt(_ code: String) -> Bool {
        code == "08007" || code == "40003"
    }
}
