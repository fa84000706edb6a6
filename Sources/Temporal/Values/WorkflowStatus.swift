/// Where a run of a workflow stands.
package enum WorkflowStatus: String, Hashable, Sendable, Codable {
    case running, completed, failed, cancelled, terminated, continuedAsNew, timedOut, unknown

    package var isClosed: Bool { self != .running && self != .unknown }
}

extension WorkflowStatus {
    init(_ wire: Temporal_Api_Enums_V1_WorkflowExecutionStatus) {
        switch wire {
        case .running: self = .running
        case .completed: self = .completed
        case .failed: self = .failed
        case .canceled: self = .cancelled
        case .terminated: self = .terminated
        case .continuedAsNew: self = .continuedAsNew
        case .timedOut: self = .timedOut
        default: self = .unknown
        }
    }
}
