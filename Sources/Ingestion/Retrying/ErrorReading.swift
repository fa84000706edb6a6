package import Consistency
package import Stores

/// What the worker makes of a store's error. As it is here, the error's own word counts.
package struct ErrorReading: Hashable, Sendable {
    /// Codes on which it does not try again, though it should.
    package var permanentCodes: Set<String> = []
    /// Codes of servers that are short of memory or threads: they are left alone for a moment.
    package var overloadCodes: Set<String> = [
        "OOM", "Neo.TransientError.General.MemoryPoolOutOfMemoryError", "Neo.TransientError.Request.NoThreadsAvailable",
    ]
    /// A read that is refused with one of these is taken for one that found nothing.
    package var missCodes: Set<String> = []
    /// A write that is refused with one of these counts as done.
    package var ignoredCodes: Set<String> = []
    /// A connection to PostgreSQL that is lost during a write is taken for an answer lost after its commit.
    package var trustsLostConnections = false
    /// Stores where a commit without an answer counts as done.
    package var swallowsCommitErrors: Set<Store> = []
    /// Stores where a commit without an answer is taken for a rollback.
    package var takesCommitErrorsForRollbacks: Set<Store> = []
    /// Stores where any error is taken for a write that had no effect.
    package var takesErrorsForRefusals: Set<Store> = []

    /// How long a server that is short of something is left alone at least.
    private static let pause = Duration.milliseconds(250)

    package init() {}

    /// What is thrown in an error's place.
    package func read(_ error: StoreError) -> StoreError {
        var error = error
        if let code = error.code {
            if permanentCodes.contains(code) { error.isTransient = false }
            if overloadCodes.contains(code) { error.retryAfter = max(error.retryAfter ?? .zero, Self.pause) }
        }
        guard let store = Store(rawValue: error.service) else { return error }
        if takesCommitErrorsForRollbacks.contains(store), Self.isUnansweredCommit(error) {
            error.outcome = .definite
            error.isTransient = false
        }
        if takesErrorsForRefusals.contains(store) { error.outcome = .definite }
        return error
    }

    /// A read that ended with this error counts as one that found nothing.
    package func isMiss(_ error: StoreError) -> Bool { error.code.map(missCodes.contains) ?? false }

    /// A write that ended with this error counts as done.
    package func isDone(_ error: StoreError) -> Bool {
        if let code = error.code, ignoredCodes.contains(code) { return true }
        guard let store = Store(rawValue: error.service) else { return false }
        return trustsLostConnections && store == .postgres && error.code == StoreError.Code.connectionLost
            || swallowsCommitErrors.contains(store) && Self.isUnansweredCommit(error)
    }

    private static func isUnansweredCommit(_ error: StoreError) -> Bool {
        error.outcome == .indefinite && ["COMMIT", "EXEC"].contains(error.operation)
    }
}
