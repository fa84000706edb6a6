package import Foundation
import SwiftProtobuf

/// Somebody who asked a task queue for work within the last minutes.
package struct TaskQueuePoller: Hashable, Sendable {
    package var identity: String
    package var lastAccess: Date
}

/// What a task queue hands out.
package enum TaskQueueKind: Hashable, Sendable, CaseIterable {
    case workflows, activities
}

extension TemporalClient {
    /// Who polls a task queue. The server forgets a poller after five minutes, so one that died may still be named.
    package func pollers(
        of taskQueue: String, for kind: TaskQueueKind = .workflows
    ) async throws(TemporalError) -> [TaskQueuePoller] {
        var request = Temporal_Api_Workflowservice_V1_DescribeTaskQueueRequest()
        request.namespace = namespace
        request.taskQueue.name = taskQueue
        request.taskQueueType = kind == .workflows ? .workflow : .activity
        let answer: Temporal_Api_Workflowservice_V1_DescribeTaskQueueResponse = try await service.call(
            TemporalService.Method.DescribeTaskQueue.descriptor, request)
        return answer.pollers.map { TaskQueuePoller(identity: $0.identity, lastAccess: $0.lastAccessTime.date) }
    }
}
