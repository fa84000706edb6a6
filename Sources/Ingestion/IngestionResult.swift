package import Consistency

/// What became of one request.
package struct IngestionResult: Hashable, Sendable, Codable {
    package enum Outcome: Hashable, Sendable, Codable {
        /// All four stores hold this version.
        case succeeded
        /// It is known which stores were written: those in `written`.
        case failed([AttemptFailure])
        /// It can't be told whether writes landed.
        case unknown([AttemptFailure])
    }

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

    package init(document: String, outcome: Outcome) {
        self.document = document
        self.outcome = outcome
    }

    package var succeeded: Bool { outcome == .succeeded }

    /// The failures that decided the outcome, for people; nil when it succeeded.
    package var reason: String? {
        switch outcome {
        case .succeeded: nil
        case .failed(let failures), .unknown(let failures): failures.map(\.description).joined(separator: "; ")
        }
    }
}
