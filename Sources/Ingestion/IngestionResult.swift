package import Consistency

/// What became of one request.
package struct IngestionResult: Hashable, Sendable, Codable {
    package enum Outcome: Hashable, Sendable, Codable {
        /// All four stores hold this version, or after a deletion nothing.
        case succeeded
        /// For these reasons it was not done; all stores hold what they held before.
        case rolledBack([AttemptFailure])
        /// The worker was stopped before its saga ended: it stays in the journal, and whoever resumes it ends it.
        case unknown([AttemptFailure])
    }

    /// The submission's id.
    package var id: String
    package var document: String
    package var outcome: Outcome
    /// Stores that answered success.
    package var written: Set<Store> = []
    /// Tries of each activity, by its name.
    package var attempts: [String: Int] = [:]
    /// Why tries failed, in the order of time, those that a later try made good included.
    package var failures: [AttemptFailure] = []
    /// Lower-case hex SHA-256 of the bytes that were downloaded; nil when none were.
    package var digest: String?
    package var chunks = 0
    package var entities = 0

    package init(_ request: IngestionRequest, outcome: Outcome) {
        id = request.id
        document = request.document
        self.outcome = outcome
    }

    package var succeeded: Bool { outcome == .succeeded }

    /// The failures that decided the outcome, for people; nil when it succeeded.
    package var reason: String? {
        switch outcome {
        case .succeeded: nil
        case .rolledBack(let failures), .unknown(let failures): failures.map(\.description).joined(separator: "; ")
        }
    }

    /// What a saga came to.
    /// - Parameters:
    ///   - outcome: nil when it has not ended.
    ///   - attempts: tries of each activity, by its name.
    ///   - failures: of tries, in the order of time.
    init(
        _ request: IngestionRequest, _ outcome: SagaOutcome?, _ state: SagaState, attempts: [String: Int],
        failures: [AttemptFailure]
    ) {
        self.init(request, outcome: .unknown(state.failures))
        switch outcome {
        case .succeeded: self.outcome = .succeeded
        case .rolledBack(let failures): self.outcome = .rolledBack(failures)
        case nil: break
        }
        written = state.changed.subtracting(state.restored)
        self.attempts = attempts
        self.failures = failures
        digest = state.digest ?? state.digestAsked
        chunks = state.chunks
        entities = state.entities
    }
}
