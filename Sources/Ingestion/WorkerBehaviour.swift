/// The decisions of the worker that a planted defect can replace.
package struct WorkerBehaviour: Sendable {
    /// How Qdrant's points are named.
    package enum PointIDs: Hashable, Sendable {
        /// By document and ordinal: a write repeated replaces itself.
        case derived
        /// At random: a write repeated adds.
        case random
    }

    package var extensionRule: any ExtensionRule = HeaderThenNameThenContent()
    package var rules = SagaRules()
    package var pointIDs = PointIDs.derived
    /// A write removes what a longer former version left.
    package var removesStale = true
    /// An undo puts the former version back; otherwise it deletes.
    package var restoresFormer = true
    /// A body that ends before its announced length is taken as whole.
    package var acceptsShortBodies = false
    /// A connection to PostgreSQL that is lost during a write is taken for an answer lost after its commit.
    package var trustsLostConnections = false
    package var retriesQuotaErrors = false
    /// One saga a document at a time.
    package var locksDocuments = true
    package var shieldsRollback = true
    private var hasTimeouts = true
    private var honoursRetryAfter = true
    private var retriesDownloads = true

    /// The right behaviour, spoilt by each of the defects.
    package init(defects: Set<Defect> = []) {
        for defect in defects { spoil(by: defect) }
    }

    private mutating func spoil(by defect: Defect) {
        switch defect {
        case .noExtensionFallback: extensionRule = HeaderOnly()
        case .noCompensation: rules.compensation = .none
        case .compensationRegisteredAfterWrite: rules.registration = .afterWrite
        case .compensationNotRetried: rules.retriesCompensation = false
        case .compensateOnlyAnsweredStores: rules.compensation = .answeredStores
        case .deleteInsteadOfRestore: restoresFormer = false
        case .insertInsteadOfUpsert: pointIDs = .random
        case .retryAfterIgnored: honoursRetryAfter = false
        case .quotaErrorRetried: retriesQuotaErrors = true
        case .noTimeout: hasTimeouts = false
        case .successBeforeCommit: trustsLostConnections = true
        case .noRetry: retriesDownloads = false
        case .truncatedDownloadAccepted: acceptsShortBodies = true
        case .partialResultSuccess: rules.failuresTolerated = 1
        case .staleChunksLeft: removesStale = false
        case .noDocumentLock: locksDocuments = false
        case .rollbackNotShielded:
            shieldsRollback = false
            rules.retriesCompensation = false
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
            if !honoursRetryAfter { policy.retry.honoursRetryAfter = false }
        }
        if !retriesDownloads { changed.policies.download.retry.attempts = 1 }
        if !rules.retriesCompensation { changed.policies.restore.retry.attempts = 1 }
        return changed
    }
}
