/// What a workflow is started with.
package struct WorkflowStart: Hashable, Sendable {
    /// What to do when a run with the same id is there.
    package enum Conflict: Hashable, Sendable {
        /// Join a run that is under way; a closed one's id is not given again.
        case join
        /// Refuse while one is under way; a closed one's id may be given again.
        case refuse
        /// Refuse whether it is under way or closed.
        case refuseAlways
    }

    package var type: String
    package var id: String
    package var taskQueue: String
    package var arguments: [Payload]
    package var conflict = Conflict.join
    /// From start to end, all runs and retries; nil for as long as it likes.
    package var executionTimeout: Duration?
    /// Shown in Temporal's own tools beside the workflow.
    package var memo: [String: Payload] = [:]

    package init(type: String, id: String, taskQueue: String, arguments: [Payload] = []) {
        self.type = type
        self.id = id
        self.taskQueue = taskQueue
        self.arguments = arguments
    }
}

/// How a workflow ended.
package enum WorkflowOutcome: Hashable, Sendable {
    case completed([Payload])
    case failed(TemporalFailure)
    case cancelled
    case terminated(reason: String)
    case timedOut
}
