import SwiftProtobuf

/// One event of a workflow's history, as far as a decider needs it.
package struct WorkflowEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case started(type: String, arguments: [Payload])
        case completed([Payload])
        case failed(TemporalFailure)
        case cancelled
        case terminated
        case timedOut
        case cancelRequested
        case signalled(name: String, arguments: [Payload])

        case activityScheduled(id: String, type: String)
        /// Entered only when the activity has ended: the attempt that ended it, from 1.
        case activityStarted(scheduled: Int, attempt: Int)
        case activityCompleted(scheduled: Int, result: [Payload])
        /// For good: no further try will be made.
        case activityFailed(scheduled: Int, TemporalFailure)
        case activityTimedOut(scheduled: Int, TemporalFailure)
        case activityCancelRequested(scheduled: Int)
        case activityCancelled(scheduled: Int)

        case timerStarted(id: String)
        case timerFired(id: String)
        case timerCancelled(id: String)

        case childInitiated(workflow: String)
        /// It never began: a workflow of the same id runs, or the id may not be used again.
        case childNotStarted(workflow: String)
        case childStarted(workflow: String)
        /// However it ended.
        case childClosed(workflow: String)

        /// A worker has answered with its commands; what they did comes next.
        case workflowTaskCompleted
        /// A worker could not take the workflow up; the server will hand it out again.
        case workflowTaskFailed(TemporalFailure)

        /// Of no concern to a decider, or of a kind that this client does not know.
        case other
    }

    /// Its place in the history, from 1.
    package var id: Int
    package var kind: Kind

    package init(id: Int, kind: Kind) {
        self.id = id
        self.kind = kind
    }
}

extension WorkflowEvent {
    /// Reads a history that one of Temporal's tools has written, such as `temporal workflow show --output json`.
    ///
    /// - Throws: when it is not a history; events of kinds that are not known here are fine.
    package static func history(json: [UInt8]) throws -> [WorkflowEvent] {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        return try Temporal_Api_History_V1_History(jsonUTF8Bytes: json, options: options).events.map(WorkflowEvent.init)
    }

    init(_ wire: Temporal_Api_History_V1_HistoryEvent) {
        self.init(id: Int(wire.eventID), kind: Kind(wire))
    }
}

extension WorkflowEvent.Kind {
    init(_ event: Temporal_Api_History_V1_HistoryEvent) {
        self =
            switch event.attributes {
            case .workflowExecutionStartedEventAttributes(let started):
                .started(type: started.workflowType.name, arguments: [Payload](started.input))
            case .workflowExecutionCompletedEventAttributes(let end): .completed([Payload](end.result))
            case .workflowExecutionFailedEventAttributes(let end): .failed(TemporalFailure(end.failure))
            case .workflowExecutionCanceledEventAttributes: .cancelled
            case .workflowExecutionTerminatedEventAttributes: .terminated
            case .workflowExecutionTimedOutEventAttributes: .timedOut
            case .workflowExecutionCancelRequestedEventAttributes: .cancelRequested
            case .workflowExecutionSignaledEventAttributes(let signal):
                .signalled(name: signal.signalName, arguments: [Payload](signal.input))
            case .activityTaskScheduledEventAttributes(let activity):
                .activityScheduled(id: activity.activityID, type: activity.activityType.name)
            case .activityTaskStartedEventAttributes(let activity):
                .activityStarted(scheduled: Int(activity.scheduledEventID), attempt: Int(activity.attempt))
            case .activityTaskCompletedEventAttributes(let activity):
                .activityCompleted(scheduled: Int(activity.scheduledEventID), result: [Payload](activity.result))
            case .activityTaskFailedEventAttributes(let activity):
                .activityFailed(scheduled: Int(activity.scheduledEventID), TemporalFailure(activity.failure))
            case .activityTaskTimedOutEventAttributes(let activity):
                .activityTimedOut(scheduled: Int(activity.scheduledEventID), TemporalFailure(activity.failure))
            case .activityTaskCancelRequestedEventAttributes(let activity):
                .activityCancelRequested(scheduled: Int(activity.scheduledEventID))
            case .activityTaskCanceledEventAttributes(let activity):
                .activityCancelled(scheduled: Int(activity.scheduledEventID))
            case .timerStartedEventAttributes(let timer): .timerStarted(id: timer.timerID)
            case .timerFiredEventAttributes(let timer): .timerFired(id: timer.timerID)
            case .timerCanceledEventAttributes(let timer): .timerCancelled(id: timer.timerID)
            case .startChildWorkflowExecutionInitiatedEventAttributes(let child):
                .childInitiated(workflow: child.workflowID)
            case .startChildWorkflowExecutionFailedEventAttributes(let child):
                .childNotStarted(workflow: child.workflowID)
            case .childWorkflowExecutionStartedEventAttributes(let child):
                .childStarted(workflow: child.workflowExecution.workflowID)
            case .childWorkflowExecutionCompletedEventAttributes(let child):
                .childClosed(workflow: child.workflowExecution.workflowID)
            case .childWorkflowExecutionFailedEventAttributes(let child):
                .childClosed(workflow: child.workflowExecution.workflowID)
            case .childWorkflowExecutionCanceledEventAttributes(let child):
                .childClosed(workflow: child.workflowExecution.workflowID)
            case .childWorkflowExecutionTimedOutEventAttributes(let child):
                .childClosed(workflow: child.workflowExecution.workflowID)
            case .childWorkflowExecutionTerminatedEventAttributes(let child):
                .childClosed(workflow: child.workflowExecution.workflowID)
            case .workflowTaskCompletedEventAttributes: .workflowTaskCompleted
            case .workflowTaskFailedEventAttributes(let task): .workflowTaskFailed(TemporalFailure(task.failure))
            default: .other
            }
    }
}
