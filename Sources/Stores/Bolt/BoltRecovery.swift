/// What becomes of a transaction in which a query fails, and of its connection.
package enum BoltRecovery: Hashable, Sendable {
    /// It has failed, as the server says; whoever began it may begin it again. RESET makes its connection good again, and
    /// one that leads to a server which takes no writes is closed.
    case none
    /// After RESET the query is sent again and all behind it follow, each a transaction of its own.
    case resumes
    /// After a query that failed the connection is used on as it is.
    case forgetsReset
    /// A connection to a server that takes no writes is used on.
    case keepsFollowers
}
