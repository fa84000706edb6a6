/// Why a call to a service failed: where, what, and whether it may have been applied all the same.
package struct StoreError: Error, Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable, Codable {
        /// The service did not apply the call.
        case definite
        /// Nobody on this side can know whether the service applied the call.
        case indefinite
    }

    /// The service by its name in system files: postgres, neo4j, qdrant, redis, s3, openai.
    package var service: String
    /// What was asked, in the service's own words: `PutObject`, `COMMIT`, `HGETALL`.
    package var operation: String
    package var outcome: Outcome
    /// The same call may succeed later.
    package var isTransient: Bool
    /// The service's own code (SQLSTATE, S3 or Neo4j code, RESP prefix, HTTP status),
    /// or one of the `Code` constants when the failure arose on this side.
    package var code: String?
    package var message: String
    /// How long the service asked to wait before the next attempt.
    package var retryAfter: Duration?

    package init(
        service: String, operation: String, outcome: Outcome, isTransient: Bool, code: String? = nil,
        message: String, retryAfter: Duration? = nil
    ) {
        self.service = service
        self.operation = operation
        self.outcome = outcome
        self.isTransient = isTransient
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// Codes of failures that arise on this side of the wire.
    package enum Code {
        /// No connection could be made.
        package static let connect = "connect-failed"
        /// The connection ended before the answer was complete.
        package static let connectionLost = "connection-lost"
        package static let timeout = "timeout"
        /// The calling task was cancelled.
        package static let cancelled = "cancelled"
        /// The answer breaks the protocol or contradicts the question.
        package static let badAnswer = "bad-answer"
        /// The answer is larger than the caller's limit.
        package static let tooLarge = "too-large"
        /// The call cannot be made as asked: a malformed address, a client already closed.
        package static let misuse = "misuse"
    }

    package var isCancellation: Bool { code == Code.cancelled }
    package var isTimeout: Bool { code == Code.timeout }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        let code = code.map { " [\($0)]" } ?? ""
        let doubt = outcome == .indefinite ? " (may have been applied)" : ""
        return "\(service) \(operation) failed\(code): \(message)\(doubt)"
    }
}
