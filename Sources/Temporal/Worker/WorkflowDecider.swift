/// A workflow: it takes its history in, event by event, and says what shall be done next. Pure: no clock, no chance, no I/O,
/// so a worker may take it up anywhere, from the first event again, and nothing has to be replayed.
package protocol WorkflowDecider: Sendable {
    /// Called once for each event, in the order of the history.
    mutating func apply(_ event: WorkflowEvent)

    /// Asked after the events of each workflow task. What it wants must follow from the events alone: what was commanded before
    /// is among them.
    /// - Returns: empty while all that can be done is to wait.
    func decide() -> [WorkflowCommand]

    /// Answers a question about the workflow.
    /// - Returns: nil for a question it does not know.
    func answer(query: String, arguments: [Payload]) -> Payload?
}

extension WorkflowDecider {
    package func answer(query: String, arguments: [Payload]) -> Payload? { nil }
}
