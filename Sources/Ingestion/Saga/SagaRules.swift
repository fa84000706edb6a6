/// The decisions of a saga that a planted defect can replace. As they are here, they are right.
package struct SagaRules: Hashable, Sendable, Codable {
    package enum Registration: Hashable, Sendable, Codable { case beforeWrite, afterWrite }

    package enum Compensation: Hashable, Sendable, Codable {
        /// Whatever came of its write: it may have landed.
        case everyStoreAsked
        /// Only stores whose write has answered, with success or a definite no.
        case answeredStores
        /// Not stores whose write was answered with a no.
        case unlessRefused
        case none
    }

    /// Embedding requests of one document at once.
    package var embeddingConcurrency = 4
    package var registration = Registration.beforeWrite
    package var compensation = Compensation.everyStoreAsked
    /// A compensation that failed is tried again, for ever.
    package var retriesCompensation = true
    /// The cache is written after the other stores, and emptied before them.
    package var cacheFollows = true
    /// The cache is put back with the other stores.
    package var undoesCache = true
    /// Stores whose failed writes are put up with.
    package var failuresTolerated = 0

    package init() {}
}
