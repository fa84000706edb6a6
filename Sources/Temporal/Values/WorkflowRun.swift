/// One run of a workflow: the id that its starter gave, and the server's for this run.
package struct WorkflowRun: Hashable, Sendable, Codable {
    package var workflow: String
    /// Empty for the latest run, whichever that is.
    package var run: String

    package init(workflow: String, run: String = "") {
        self.workflow = workflow
        self.run = run
    }
}

extension WorkflowRun {
    init(_ wire: Temporal_Api_Common_V1_WorkflowExecution) { self.init(workflow: wire.workflowID, run: wire.runID) }

    var wire: Temporal_Api_Common_V1_WorkflowExecution {
        var wire = Temporal_Api_Common_V1_WorkflowExecution()
        wire.workflowID = workflow
        wire.runID = run
        return wire
    }
}
