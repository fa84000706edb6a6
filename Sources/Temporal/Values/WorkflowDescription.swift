package import Foundation
import SwiftProtobuf

/// What the server tells of a run without its history.
package struct WorkflowDescription: Hashable, Sendable {
    /// An activity that is under way, or waits for its next try.
    package struct PendingActivity: Hashable, Sendable {
        package var id: String
        package var type: String
        /// From 1.
        package var attempt: Int
        package var lastFailure: TemporalFailure?
        package var lastWorker: String
    }

    package var run: WorkflowRun
    package var type: String
    package var taskQueue: String
    package var status: WorkflowStatus
    package var started: Date?
    package var closed: Date?
    /// Events in its history.
    package var events: Int
    /// Empty in lists.
    package var pending: [PendingActivity] = []
}

extension WorkflowDescription {
    init(_ wire: Temporal_Api_Workflow_V1_WorkflowExecutionInfo) {
        self.init(
            run: WorkflowRun(wire.execution), type: wire.type.name, taskQueue: wire.taskQueue,
            status: WorkflowStatus(wire.status), started: wire.hasStartTime ? wire.startTime.date : nil,
            closed: wire.hasCloseTime ? wire.closeTime.date : nil, events: Int(wire.historyLength))
    }
}

extension WorkflowDescription.PendingActivity {
    init(_ wire: Temporal_Api_Workflow_V1_PendingActivityInfo) {
        self.init(
            id: wire.activityID, type: wire.activityType.name, attempt: Int(wire.attempt),
            lastFailure: wire.hasLastFailure ? TemporalFailure(wire.lastFailure) : nil,
            lastWorker: wire.lastWorkerIdentity)
    }
}
