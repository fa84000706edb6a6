package import Stores

/// What the worker makes of a store's error. As it is here, the error's own word counts.
package struct ErrorReading: Hashable, Sendable {
    /// Codes on which it does not try again, though it should.
    package var permanentCodes: Set<String> = []
    /// A connection to PostgreSQL that is lost during a write is taken for an answer lost after its commit.
    package var trustsLostConnections = false
    /// What became of a COMMIT is not looked at.
    package var swallowsCommitErrors = false
    /// An error of a COMMIT is taken for a rollback by PostgreSQL.
    package var takesCommitErrorsForRollbacks = false

    package init() {}

    /// What is thrown in an error's place.
    package func read(_ error: StoreError) -> StoreError {
        var error = error
        if let code = error.code, permanentCodes.contains(code) { error.isTransient = false }
        if takesCommitErrorsForRollbacks, error.service == "postgres", error.operation == Self.commit {
            error.outcome = .definite
            error.isTransient = false
        }
        return error
    }

    /// A write to PostgreSQL that ended with this error counts as done.
    package func isDone(_ error: StoreError) -> Bool {
        guard error.service == "postgres" else { return false }
        return trustsLostConnections && error.code == StoreError.Code.connectionLost
            || swallowsCommitErrors && error.operation == Self.commit
    }

    private static let commit = "COMMIT"
}
