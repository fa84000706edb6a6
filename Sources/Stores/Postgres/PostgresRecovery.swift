/// What becomes of a transaction in which a statement fails.
package enum PostgresRecovery: Hashable, Sendable {
    /// It has failed, as the server says; whoever began it may begin it again.
    case none
    /// After a serialization failure the statement is sent again, in the transaction that has failed.
    case repeatsStatement
    /// When the connection is gone, the statement and all behind it are sent on a new one, where no transaction is open.
    case reconnects

    /// The statement is sent once more after this error.
    func repeats(after error: StoreError) -> Bool {
        switch self {
        case .none: false
        case .repeatsStatement: error.code == "40001"
        case .reconnects: error.code == StoreError.Code.connectionLost || error.code?.hasPrefix("57P0") == true
        }
    }
}
