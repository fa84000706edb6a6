import Consistency
package import Stores

/// The decisions of the worker that a planted defect can replace.
package struct WorkerBehaviour: Sendable {
    /// How Qdrant's points are named.
    package enum PointIDs: Hashable, Sendable {
        /// By document and ordinal: a write repeated replaces itself.
        case derived
        /// At random: a write repeated adds.
        case random
        /// By document, ordinal and number of the try: a write repeated adds.
        case perTry
    }

    package var extensionRule: any ExtensionRule = NameThenHeaderThenContent()
    package var rules = SagaRules()
    package var pointIDs = PointIDs.derived
    /// A write removes what a longer former version left.
    package var removesStale = true
    /// An undo puts the former version back; otherwise it deletes.
    package var restoresFormer = true
    /// A body that ends before its announced length is taken as whole.
    package var acceptsShortBodies = false
    /// The body of an answer that is an error is taken for the object.
    package var acceptsErrorBodies = false
    package var errors = ErrorReading()
    /// Rows in PostgreSQL that are there already are replaced.
    package var replacesRows = true
    package var transactionRecovery = PostgresRecovery.none
    package var graphRecovery = BoltRecovery.none
    /// Chunks in Neo4j that are there already are replaced.
    package var mergesChunks = true
    /// A document is written to Neo4j in one transaction.
    package var writesGraphWhole = true
    package var cacheRecovery = RedisRecovery.none
    /// A document is written to Redis in one MULTI.
    package var writesCacheWhole = true
    package var marking = RedisWriter.Marking.overwrites
    package var embeddingChecks = EmbeddingChecks.all
    package var retriesQuotaErrors = false
    /// One saga a document at a time.
    package var locksDocuments = true
    package var shieldsRollback = true
    private var hasTimeouts = true
    private var retryAfter = RetryPolicy.RetryAfter.honoured
    private var retriesDownloads = true
    private var undo = Undo.untilDone

    /// How long an undo is tried.
    private enum Undo { case untilDone, unlessRefused, once }

    /// The right behaviour, spoilt by each of the defects.
    package init(defects: Set<Defect> = []) {
        for defect in defects { spoil(by: defect) }
    }

    private mutating func spoil(by defect: Defect) {
        switch defect {
        case .noExtensionFallback: extensionRule = HeaderOnly()
        case .noCompensation: rules.compensation = .none
        case .compensationRegisteredAfterWrite: rules.registration = .afterWrite
        case .compensationNotRetried: giveUpUndo(.once)
        case .compensateOnlyAnsweredStores: rules.compensation = .answeredStores
        case .deleteInsteadOfRestore: restoresFormer = false
        case .insertInsteadOfUpsert: pointIDs = .random
        case .retryAfterIgnored: retryAfter = .ignored
        case .quotaErrorRetried: retriesQuotaErrors = true
        case .noTimeout: hasTimeouts = false
        case .successBeforeCommit: errors.trustsLostConnections = true
        case .noRetry: retriesDownloads = false
        case .truncatedDownloadAccepted: acceptsShortBodies = true
        case .partialResultSuccess: rules.failuresTolerated = 1
        case .staleChunksLeft: removesStale = false
        case .noDocumentLock: locksDocuments = false
        case .rollbackNotShielded:
            shieldsRollback = false
            giveUpUndo(.once)
        case .cacheWrittenFirst:
            rules.cacheFollows = false
            rules.undoesCache = false
        case .refusedUndoGivenUp: giveUpUndo(.unlessRefused)
        default: spoilMessages(by: defect)
        }
    }

    private mutating func giveUpUndo(_ undo: Undo) {
        self.undo = undo
        rules.retriesCompensation = false
    }

    /// Defects in how single answers are understood.
    private mutating func spoilMessages(by defect: Defect) {
        switch defect {
        case .binaryTypeNotGeneric: extensionRule = HeaderUnlessGeneric()
        case .genericTypeGuessed: extensionRule = GuessedFromType()
        case .contentTypeBelieved: extensionRule = HeaderBeforeName()
        case .dotlessNameIsExtension: extensionRule = LastPartOfName()
        case .errorBodyIngested: acceptsErrorBodies = true
        case .plainInsert: replacesRows = false
        case .commitErrorSwallowed: errors.swallowsCommitErrors.insert(.postgres)
        case .commitErrorMeansRolledBack:
            errors.takesCommitErrorsForRollbacks.insert(.postgres)
            rules.compensation = .unlessRefused
        case .lastStatementRetried: transactionRecovery = .repeatsStatement
        case .deadlockNotRetried: errors.permanentCodes.insert("40P01")
        case .fullServerNotRetried: errors.permanentCodes.insert("53300")
        case .transactionResumed: transactionRecovery = .reconnects
        case .tryInPointIDs: pointIDs = .perTry
        case .refusedStoresNotUndone: rules.compensation = .unlessRefused
        case .embeddingIndexIgnored: embeddingChecks.remove(.index)
        case .missingEmbeddingAccepted: embeddingChecks.remove(.count)
        case .wrongDimensionsAccepted: embeddingChecks.remove(.dimensions)
        case .unreadableEmbeddingsAccepted: embeddingChecks.remove(.body)
        case .retryAfterMisread: retryAfter = .misread
        default: spoilCacheAndGraph(by: defect)
        }
    }

    /// Defects in how Redis and Neo4j are used.
    private mutating func spoilCacheAndGraph(by defect: Defect) {
        switch defect {
        case .loadingIsMiss: errors.missCodes.insert("LOADING")
        case .replicaConnectionKept: cacheRecovery = .keepsReplicas
        case .cacheErrorIgnored: errors.ignoredCodes.insert("OOM")
        case .markMeansWritten: marking = .yields
        case .execErrorMeansDiscarded:
            errors.takesCommitErrorsForRollbacks.insert(.redis)
            rules.compensation = .unlessRefused
        case .execNotLookedAt: errors.swallowsCommitErrors.insert(.redis)
        case .busyNotRetried: errors.permanentCodes.insert("BUSY")
        case .cacheWithoutMulti:
            writesCacheWhole = false
            errors.takesErrorsForRefusals.insert(.redis)
            rules.compensation = .unlessRefused
        case .resetForgotten: graphRecovery = .forgetsReset
        case .followerConnectionKept: graphRecovery = .keepsFollowers
        case .overloadRetriedAtOnce: errors.overloadCodes = []
        case .createInsteadOfMerge: mergesChunks = false
        case .incompleteCommitIsFailure:
            errors.takesCommitErrorsForRollbacks.insert(.neo4j)
            rules.compensation = .unlessRefused
        case .graphCommitSwallowed: errors.swallowsCommitErrors.insert(.neo4j)
        case .graphSkipped: errors.ignoredCodes.insert("Neo.TransientError.General.DatabaseUnavailable")
        case .graphTransactionResumed: graphRecovery = .resumes
        case .graphInParts:
            writesGraphWhole = false
            rules.compensation = .unlessRefused
        default: preconditionFailure("nothing is spoilt by \(defect)")
        }
    }

    /// A worker without time-outs waits this long; for ever would outlast any test.
    private static let endless = Duration.seconds(600)

    /// The limits that belong to the behaviour.
    package func changed(_ configuration: WorkerConfiguration) -> WorkerConfiguration {
        var changed = configuration
        if !hasTimeouts {
            changed.callTimeout = Self.endless
            changed.embeddingTimeout = Self.endless
        }
        changed.policies.changeAll { policy in
            if !hasTimeouts {
                policy.startToClose = nil
                policy.scheduleToClose = nil
            }
            policy.retry.retryAfter = retryAfter
        }
        if !retriesDownloads { changed.policies.download.retry.attempts = 1 }
        switch undo {
        case .untilDone: break
        case .unlessRefused: changed.policies.restore.outlastsRefusals = false
        case .once: changed.policies.restore.retry.attempts = 1
        }
        return changed
    }
}
