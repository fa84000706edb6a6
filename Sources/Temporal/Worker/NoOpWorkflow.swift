/// A workflow of activities that do nothing, one after the other: what a server can do at most.
package struct NoOpWorkflow: WorkflowDecider {
    package static let type = "NoOp"

    private let activities: Int
    private var scheduled = 0
    private var completed = 0

    package init(activities: Int) {
        self.activities = activities
    }

    package mutating func apply(_ event: WorkflowEvent) {
        switch event.kind {
        case .activityScheduled: scheduled += 1
        case .activityCompleted: completed += 1
        default: break
        }
    }

    package func decide() -> [WorkflowCommand] {
        if completed == activities { return [.complete([])] }
        guard scheduled == completed else { return [] }
        return [
            .scheduleActivity(
                ActivityOrder(id: "\(scheduled)", type: Self.type, arguments: [], startToClose: .seconds(60)))
        ]
    }
}
