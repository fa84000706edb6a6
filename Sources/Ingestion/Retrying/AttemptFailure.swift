import Stores

/// Why one try of an activity failed.
package struct AttemptFailure: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    package var activity: Activity
    /// nil when the worker itself failed, not a service.
    package var service: String?
    /// The service's own code, or the kind of an `IngestionError`.
    package var code: String?
    package var reason: String
    /// A further try may go better.
    package var isTransient: Bool
    /// It can't be told whether the try had its effect.
    package var mayHaveLanded: Bool
    package var retryAfter: Duration?

    package var description: String {
        [activity.name, service, code, reason].compactMap { $0 }.joined(separator: ": ")
    }

    private static let cancelled = "Cancelled"

    /// The try was told to stop; it did not fail by itself.
    package var isCancellation: Bool { code == Self.cancelled || code == StoreError.Code.cancelled }

    /// The source has other bytes than those that a part of the stores was given.
    static let contentChanged = AttemptFailure(
        activity: .download, service: "s3", code: "ContentChanged",
        reason: "the object was replaced while the worker was down, and a part of the stores holds its former bytes")

    package init(
        activity: Activity, service: String? = nil, code: String?, reason: String, isTransient: Bool = false,
        mayHaveLanded: Bool = false, retryAfter: Duration? = nil
    ) {
        self.activity = activity
        self.service = service
        self.code = code
        self.reason = reason
        self.isTransient = isTransient
        self.mayHaveLanded = mayHaveLanded
        self.retryAfter = retryAfter
    }

    package init(_ error: any Error, in activity: Activity) {
        self.activity = activity
        switch error {
        case let error as StoreError:
            service = error.service
            code = error.code
            reason = "\(error.operation): \(error.message)"
            isTransient = error.isTransient
            mayHaveLanded = activity.hasEffect && error.outcome == .indefinite
            retryAfter = error.retryAfter
        case let error as IngestionError:
            code = error.kind.rawValue
            reason = error.reason
            isTransient = error.isTransient
            mayHaveLanded = false
        case let error as TimeLimitExceeded:
            service = activity.service
            code = "Timeout"
            reason = error.description
            isTransient = true
            mayHaveLanded = activity.hasEffect
        case is CancellationError:
            code = Self.cancelled
            reason = "the worker was told to stop"
            isTransient = false
            mayHaveLanded = activity.hasEffect
        default:
            service = activity.service
            reason = String(describing: error)
            isTransient = false
            mayHaveLanded = activity.hasEffect
        }
    }
}
