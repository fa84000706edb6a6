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
    case binaryTypeNotGeneric = "binary-type-not-generic"
    case genericTypeGuessed = "generic-type-guessed"
    case contentTypeBelieved = "content-type-believed"
    case dotlessNameIsExtension = "dotless-name-is-extension"
    case errorBodyIngested = "error-body-ingested"
    case plainInsert = "plain-insert"
    case commitErrorSwallowed = "commit-error-swallowed"
    case commitErrorMeansRolledBack = "commit-error-means-rolled-back"
    case lastStatementRetried = "last-statement-retried"
    case deadlockNotRetried = "deadlock-not-retried"
    case fullServerNotRetried = "full-server-not-retried"
    case transactionResumed = "transaction-resumed"
    case tryInPointIDs = "try-in-point-ids"
    case refusedStoresNotUndone = "refused-stores-not-undone"
    case embeddingIndexIgnored = "embedding-index-ignored"
    case missingEmbeddingAccepted = "missing-embedding-accepted"
    case wrongDimensionsAccepted = "wrong-dimensions-accepted"
    case unreadableEmbeddingsAccepted = "unreadable-embeddings-accepted"
    case retryAfterMisread = "retry-after-misread"
    case loadingIsMiss = "loading-is-miss"
    case replicaConnectionKept = "replica-connection-kept"
    case cacheErrorIgnored = "cache-error-ignored"
    case markMeansWritten = "mark-means-written"
    case execErrorMeansDiscarded = "exec-error-means-discarded"
    case execNotLookedAt = "exec-not-looked-at"
    case busyNotRetried = "busy-not-retried"
    case cacheWithoutMulti = "cache-without-multi"
    case resetForgotten = "reset-forgotten"
    case followerConnectionKept = "follower-connection-kept"
    case overloadRetriedAtOnce = "overload-retried-at-once"
    case createInsteadOfMerge = "create-instead-of-merge"
    case incompleteCommitIsFailure = "incomplete-commit-is-failure"
    case graphCommitSwallowed = "graph-commit-swallowed"
    case graphSkipped = "graph-skipped"
    case graphTransactionResumed = "graph-transaction-resumed"
    case graphInParts = "graph-in-parts"
    case refusedUndoGivenUp = "refused-undo-given-up"
    case cacheWrittenFirst = "cache-written-first"

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
            .noDocumentLock, caughtBy: "combined-concurrent-submissions", "No lock on the document",
            "two submissions of one document at once interleave, and the stores end with different versions"),
        Entry(
            .rollbackNotShielded, caughtBy: "redis-down", "Rollback not shielded",
            "the failure that starts the undo also cancels it: every undo call ends at once"),
        Entry(
            .binaryTypeNotGeneric, caughtBy: "s3-binary-octet-stream", "S3's generic type unknown",
            "binary/octet-stream is looked up as a type like any other, and the file gets no extension"),
        Entry(
            .genericTypeGuessed, caughtBy: "s3-application-octet-stream", "Extension guessed from a generic type",
            "application/octet-stream makes every file a .bin, and the name is never asked"),
        Entry(
            .contentTypeBelieved, caughtBy: "s3-wrong-content-type", "Content-Type believed against the name",
            "an object that S3 calls a PDF goes to the PDF parser, whatever its name and its first bytes say"),
        Entry(
            .dotlessNameIsExtension, caughtBy: "s3-id-without-dot", "A name without a dot is all extension",
            "without a Content-Type, what follows the last dot is the extension, or else the whole name"),
        Entry(
            .errorBodyIngested, caughtBy: "s3-error-after-read", "Error page ingested",
            "the status is not looked at: the XML of an error is ingested as the document"),
        Entry(
            .plainInsert, caughtBy: "postgres-commit-answer-lost", "INSERT without ON CONFLICT",
            "a write repeated after one whose COMMIT landed meets its own rows, and fails for good"),
        Entry(
            .commitErrorSwallowed, caughtBy: "postgres-commit-lost", "COMMIT not looked at",
            "when all statements were answered the write counts as done, whatever becomes of its COMMIT"),
        Entry(
            .commitErrorMeansRolledBack, caughtBy: "postgres-commit-hangs", "A failed COMMIT is a rollback",
            "when COMMIT has no answer PostgreSQL is taken for unwritten, and is not undone with the others"),
        Entry(
            .lastStatementRetried, caughtBy: "postgres-serialization-failure", "Last statement retried",
            "after a serialization failure the statement alone is repeated, in a transaction that takes no more"),
        Entry(
            .deadlockNotRetried, caughtBy: "postgres-deadlock", "Deadlock is final",
            "a transaction that PostgreSQL chose as a deadlock's victim is not begun again"),
        Entry(
            .fullServerNotRetried, caughtBy: "postgres-too-many-connections", "A full server is final",
            "a connection refused because there are too many fails the document at once"),
        Entry(
            .transactionResumed, caughtBy: "postgres-admin-shutdown", "Transaction goes on after a reconnect",
            "a lost connection is replaced in mid-transaction, and only what came after it is committed"),
        Entry(
            .tryInPointIDs, caughtBy: "qdrant-answer-lost-once", "Point ids depend on the try",
            "a second try gives every point a new id, so a write that landed unanswered leaves every chunk twice"),
        Entry(
            .refusedStoresNotUndone, caughtBy: "qdrant-error-after-apply", "Undo skips stores that said no",
            "an error is taken for a write that had no effect, and a store that had applied it keeps it"),
        Entry(
            .embeddingIndexIgnored, caughtBy: "openai-embeddings-reordered", "Embeddings taken in their order",
            "vectors go to texts by their place in the answer, not by their index"),
        Entry(
            .missingEmbeddingAccepted, caughtBy: "openai-embedding-missing", "Missing embedding accepted",
            "nobody counts the vectors, and a chunk without one is left out of Qdrant"),
        Entry(
            .wrongDimensionsAccepted, caughtBy: "openai-wrong-dimensions", "Wrong dimensions accepted",
            "vectors of another length go on to Qdrant, which refuses them for good"),
        Entry(
            .unreadableEmbeddingsAccepted, caughtBy: "openai-malformed-json", "Unreadable answer is an empty one",
            "JSON that cannot be read counts as no vectors, and the document is in all stores but Qdrant"),
        Entry(
            .retryAfterMisread, caughtBy: "openai-request-quota", "Retry-After in the wrong unit",
            "the seconds of Retry-After are taken for milliseconds, and the worker comes back too early"),
        Entry(
            .loadingIsMiss, caughtBy: "redis-loading", "LOADING taken for a miss",
            "a Redis that is starting is read as holding nothing, and an undo deletes what it should restore"),
        Entry(
            .replicaConnectionKept, caughtBy: "redis-read-only", "Connection to a replica kept",
            "after a failover the connection still leads to what is a replica now, which refuses every try"),
        Entry(
            .cacheErrorIgnored, caughtBy: "redis-out-of-memory", "Errors of the cache ignored",
            "a cache without memory counts as written, since it is only a cache"),
        Entry(
            .markMeansWritten, caughtBy: "redis-set-answer-lost", "SET NX meets its own mark",
            "the mark of a try whose answer was lost is taken for another worker's, and nothing is written"),
        Entry(
            .execErrorMeansDiscarded, caughtBy: "redis-exec-answer-lost", "A failed EXEC is a discarded one",
            "when EXEC has no answer Redis is taken for unwritten, and is not undone with the others"),
        Entry(
            .execNotLookedAt, caughtBy: "redis-exec-lost", "EXEC not looked at",
            "when all commands were queued the write counts as done, whatever becomes of EXEC"),
        Entry(
            .busyNotRetried, caughtBy: "redis-busy", "BUSY is final",
            "a Redis that runs a long script fails the document at once"),
        Entry(
            .cacheWithoutMulti, caughtBy: "redis-reset-in-pipeline", "A pipeline taken for a transaction",
            "commands are sent without MULTI, and a pipeline that fails half-way is taken for unwritten"),
        Entry(
            .resetForgotten, caughtBy: "neo4j-deadlock", "No RESET after a failure",
            "a connection goes back to the pool as it failed, and the next transaction on it is ignored"),
        Entry(
            .followerConnectionKept, caughtBy: "neo4j-leader-switch", "Connection to a follower kept",
            "after an election the connection still leads to what is a follower now, which refuses every try"),
        Entry(
            .overloadRetriedAtOnce, caughtBy: "neo4j-memory-pool", "A server without memory is not left alone",
            "a transaction for which Neo4j had no memory is begun again after the short wait of a conflict"),
        Entry(
            .createInsteadOfMerge, caughtBy: "neo4j-commit-answer-lost", "CREATE instead of MERGE",
            "a write repeated after one whose COMMIT landed meets its own nodes, and fails for good"),
        Entry(
            .incompleteCommitIsFailure, caughtBy: "neo4j-commit-answer-lost", "An incomplete commit is a failure",
            "when COMMIT has no answer Neo4j is taken for unwritten, and is not undone with the others"),
        Entry(
            .graphCommitSwallowed, caughtBy: "neo4j-commit-lost", "COMMIT to Neo4j not looked at",
            "when all queries were answered the write counts as done, whatever becomes of its COMMIT"),
        Entry(
            .graphSkipped, caughtBy: "neo4j-unavailable", "The graph is optional",
            "a database that is unavailable is left out, and the document succeeds without its graph"),
        Entry(
            .graphTransactionResumed, caughtBy: "neo4j-failure-in-transaction", "Transaction goes on after RESET",
            "the query that failed and those behind it are sent again, each a transaction of its own"),
        Entry(
            .graphInParts, caughtBy: "neo4j-refused-half-way", "Graph written part by part",
            "entities have a transaction of their own; when it is refused, the chunks of the first one stay"),
        Entry(
            .refusedUndoGivenUp, caughtBy: "combined-undo-refused", "Undo stops at a refusal",
            "an undo call that is refused for good is given up, and its store keeps the new version"),
        Entry(
            .cacheWrittenFirst, caughtBy: "combined-cache-first", "Cache written first",
            "the cache has a document before the stores do, and keeps it when they fail"),
    ]
}
