import Foundation
import SwiftProtobuf

/// One try of an activity, as a worker gets it.
package struct ActivityTask: Sendable {
    package var id: String
    package var type: String
    package var arguments: [Payload]
    package var run: WorkflowRun
    package var workflowType: String
    /// From 1.
    package var attempt: Int
    /// What an earlier try left with its last heartbeat, or when it failed.
    package var details: [Payload]
    package var startToClose: Duration
    package var heartbeat: Duration?
    let token: Data
}

extension ActivityTask {
    init(_ wire: Temporal_Api_Workflowservice_V1_PollActivityTaskQueueResponse) {
        self.init(
            id: wire.activityID, type: wire.activityType.name, arguments: [Payload](wire.input),
            run: WorkflowRun(wire.workflowExecution), workflowType: wire.workflowType.name,
            attempt: Int(wire.attempt), details: [Payload](wire.heartbeatDetails),
            startToClose: wire.startToCloseTimeout.duration,
            heartbeat: wire.hasHeartbeatTimeout && wire.heartbeatTimeout.duration > .zero
                ? wire.heartbeatTimeout.duration : nil, token: wire.taskToken)
    }
}

/// How a try of an activity ended.
package enum ActivityEnd: Sendable {
    case completed([Payload])
    /// - Parameter details: for the next try.
    case failed(TemporalFailure, details: [Payload] = [])
    /// It stopped because it was asked to; nothing else may say so.
    case cancelled
}
