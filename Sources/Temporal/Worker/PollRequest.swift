import Foundation
import SwiftProtobuf

/// A call that waits for a task.
protocol PollRequest: SwiftProtobuf.Message, Sendable {
    associatedtype Task: PolledTask
}

/// What such a call is answered with; without a token there is no task.
protocol PolledTask: SwiftProtobuf.Message, Sendable {
    var taskToken: Data { get }
}

extension Temporal_Api_Workflowservice_V1_PollWorkflowTaskQueueRequest: PollRequest {
    typealias Task = Temporal_Api_Workflowservice_V1_PollWorkflowTaskQueueResponse
}

extension Temporal_Api_Workflowservice_V1_PollWorkflowTaskQueueResponse: PolledTask {}

extension Temporal_Api_Workflowservice_V1_PollActivityTaskQueueRequest: PollRequest {
    typealias Task = Temporal_Api_Workflowservice_V1_PollActivityTaskQueueResponse
}

extension Temporal_Api_Workflowservice_V1_PollActivityTaskQueueResponse: PolledTask {}
