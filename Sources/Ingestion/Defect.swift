/// A realistic bug that can be planted in the reference worker, to prove that the tester finds it.
/// Nothing but the worker knows which are on: neither oracles nor expectations can ask.
package enum Defect: String, CaseIterable, Hashable, Sendable, Codable {
    case noExtensionFallback = "no-extension-fallback"
    case noCompensation = "no-compensation"
    case compensationRegisteredAfterWrite = "compensation-registered-after-write"
    case compensationNotRetried = "compensation-not-retried"
    case compensateOnlyAnsweredStores = "compensate-only-answered-stores"
    case deleteInsteadOfRestore = "delete-instead-of-restore"
    case insertInsteadOfUpsert = "insert-instead-of-upsert"
    case retryAfterIgnored = "retry-after-ignored"
    case quotaErrorRetried = "quota-error-retried"
    case noTimeout = "no-timeout"
    case successBeforeCommit = "success-before-commit"
    case noRetry = "no-retry"
    case truncatedDownloadAccepted = "truncated-download-accepted"
    case partialResultSuccess = "partial-result-success"
    case staleChunksLeft = "stale-chunks-left"
    case noDocumentLock = "no-document-lock"
    case rollbackNotShielded = "rollback-not-shielded"

    /// The name on the command line.
    package var name: String { rawValue }

    /// What a listing shows of a defect.
    package struct Entry: Hashable, Sendable, Codable {
        package var defect: Defect
        package var title: String
        /// What the worker does wrong when the defect is on.
        package var effect: String
        /// The experiment of the catalogue that catches it, without folder or extension.
        package var caughtBy: String

        package var name: String { defect.name }

        init(_ defect: Defect, caughtBy: String, _ title: String, _ effect: String) {
            self.defect = defect
            self.title = title
            self.effect = effect
            self.caughtBy = caughtBy
        }
    }

    /// All defects, one an entry, in the order of the listing.
    package static let registry: [Entry] = [
        Entry(
            .noExtensionFallback, caughtBy: "s3-missing-content-type", "File extension from Content-Type only",
            "without a usable Content-Type the temporary file has no extension, and the parser refuses it"),
        Entry(
            .noCompensation, caughtBy: "neo4j-down", "No undo",
            "when one store fails for good, the others keep what was written, and the result says rolled back"),
        Entry(
            .compensationRegisteredAfterWrite, caughtBy: "postgres-down", "Undo registered after the write",
            "a write that landed without an answer is not undone, and others are put back to what they just wrote"),
        Entry(
            .compensationNotRetried, caughtBy: "combined-failure-during-rollback", "Undo tried once",
            "an undo call that fails is given up, and its store keeps the new version"),
        Entry(
            .compensateOnlyAnsweredStores, caughtBy: "qdrant-answer-lost",
            "Undo only where the write was answered",
            "a store whose write landed but whose answer was lost is taken for unwritten, and keeps the new version"),
        Entry(
            .deleteInsteadOfRestore, caughtBy: "neo4j-down", "Undo deletes",
            "when a re-ingestion is rolled back, the former version is gone as well"),
        Entry(
            .insertInsteadOfUpsert, caughtBy: "combined-all-stores-slow", "Insert instead of upsert",
            "points get random ids, so a write to Qdrant repeated after one that landed leaves every chunk twice"),
        Entry(
            .retryAfterIgnored, caughtBy: "openai-rate-limit", "Retry-After ignored",
            "a call that was told to wait is repeated after the worker's own short back-off"),
        Entry(
            .quotaErrorRetried, caughtBy: "openai-insufficient-quota", "Exhausted quota retried",
            "a refusal that no retry can mend is retried until the attempts are used up"),
        Entry(
            .noTimeout, caughtBy: "openai-hang", "No time-outs",
            "a call that is never answered is waited for, for ten minutes"),
        Entry(
            .successBeforeCommit, caughtBy: "postgres-reset-during-write", "Success before the commit",
            "a connection to PostgreSQL lost during the transaction is taken for a commit: success without the data"),
        Entry(
            .noRetry, caughtBy: "s3-slow-down", "Downloads are not retried",
            "a transient refusal, such as S3's SlowDown, fails the document at once"),
        Entry(
            .truncatedDownloadAccepted, caughtBy: "s3-truncated-body", "Truncated download accepted",
            "a body that ends early is taken as whole, and half a document is ingested with success"),
        Entry(
            .partialResultSuccess, caughtBy: "qdrant-down", "Partial result is success",
            "three of four stores written counts as success"),
        Entry(
            .staleChunksLeft, caughtBy: "combined-all-stores-slow", "Stale chunks left",
            "a shorter version leaves the former one's chunks beyond its own last"),
        Entry(
            .noDocumentLock, caughtBy: "combined-all-stores-slow", "No lock on the document",
            "two submissions of one document at once interleave, and the stores end with different versions"),
        Entry(
            .rollbackNotShielded, caughtBy: "redis-down", "Rollback not shielded",
            "the failure that starts the undo also cancels it: every undo call ends at once"),
    ]
}
