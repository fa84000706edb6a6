/// Why an activity or a workflow failed, as Temporal carries it.
package indirect enum TemporalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a worker says itself.
    case application(Application)
    case timeout(Timeout, message: String)
    case cancelled(message: String)
    case terminated(message: String)
    /// Of an activity that failed for good; why is in `cause`.
    case activity(id: String, type: String, cause: TemporalFailure?)
    case childWorkflow(id: String, type: String, cause: TemporalFailure?)
    /// The server's, or of a kind that this client does not know.
    case other(message: String)

    package struct Application: Hashable, Sendable {
        /// The worker's name for the failure, such as the class of an exception.
        package var type: String
        package var message: String
        package var isRetryable: Bool
        package var details: [Payload]
        /// The wait before the next try, instead of the retry policy's.
        package var nextRetryDelay: Duration?

        package init(
            type: String, message: String, isRetryable: Bool = true, details: [Payload] = [],
            nextRetryDelay: Duration? = nil
        ) {
            self.type = type
            self.message = message
            self.isRetryable = isRetryable
            self.details = details
            self.nextRetryDelay = nextRetryDelay
        }
    }

    package enum Timeout: String, Hashable, Sendable {
        case startToClose, scheduleToStart, scheduleToClose, heartbeat, unspecified
    }

    package var description: String {
        switch self {
        case .application(let failure): "\(failure.type): \(failure.message)"
        case .timeout(let kind, let message): "\(kind.rawValue) timeout: \(message)"
        case .cancelled(let message): "cancelled: \(message)"
        case .terminated(let message): "terminated: \(message)"
        case .activity(_, let type, let cause): "activity \(type): \(cause?.description ?? "failed")"
        case .childWorkflow(_, let type, let cause): "workflow \(type): \(cause?.description ?? "failed")"
        case .other(let message): message
        }
    }
}

extension TemporalFailure {
    init(_ wire: Temporal_Api_Failure_V1_Failure) {
        let cause = wire.hasCause ? TemporalFailure(wire.cause) : nil
        switch wire.failureInfo {
        case .applicationFailureInfo(let info):
            self = .application(
                Application(
                    type: info.type, message: wire.message, isRetryable: !info.nonRetryable,
                    details: [Payload](info.details),
                    nextRetryDelay: info.hasNextRetryDelay ? info.nextRetryDelay.duration : nil))
        case .timeoutFailureInfo(let info): self = .timeout(Timeout(info.timeoutType), message: wire.message)
        case .canceledFailureInfo: self = .cancelled(message: wire.message)
        case .terminatedFailureInfo: self = .terminated(message: wire.message)
        case .activityFailureInfo(let info):
            self = .activity(id: info.activityID, type: info.activityType.name, cause: cause)
        case .childWorkflowExecutionFailureInfo(let info):
            self = .childWorkflow(id: info.workflowExecution.workflowID, type: info.workflowType.name, cause: cause)
        case .serverFailureInfo, nil: self = cause ?? .other(message: wire.message)
        }
    }

    var wire: Temporal_Api_Failure_V1_Failure {
        var wire = Temporal_Api_Failure_V1_Failure()
        wire.source = "faultline"
        switch self {
        case .application(let failure):
            wire.message = failure.message
            wire.applicationFailureInfo.type = failure.type
            wire.applicationFailureInfo.nonRetryable = !failure.isRetryable
            if !failure.details.isEmpty { wire.applicationFailureInfo.details = failure.details.wire }
            if let delay = failure.nextRetryDelay { wire.applicationFailureInfo.nextRetryDelay = delay.wire }
        case .cancelled(let message):
            wire.message = message
            wire.canceledFailureInfo = Temporal_Api_Failure_V1_CanceledFailureInfo()
        case .timeout, .terminated, .activity, .childWorkflow, .other:
            // The server's to say; a worker that hands one on says it in words.
            wire.message = description
            wire.applicationFailureInfo.type = "Failure"
        }
        return wire
    }
}

extension TemporalFailure.Timeout {
    init(_ wire: Temporal_Api_Enums_V1_TimeoutType) {
        switch wire {
        case .startToClose: self = .startToClose
        case .scheduleToStart: self = .scheduleToStart
        case .scheduleToClose: self = .scheduleToClose
        case .heartbeat: self = .heartbeat
        case .unspecified, .UNRECOGNIZED: self = .unspecified
        }
    }
}
