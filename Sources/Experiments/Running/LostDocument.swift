package import Consistency

/// A submission that did not succeed: where it failed, and why.
package struct LostDocument: Hashable, Sendable, Codable {
    /// The id that it was submitted under.
    package var document: String
    package var kind: Submission.Kind
    package var result: Submission.Result
    /// The file's name.
    package var name: String
    /// The step that failed for good, as far as the pipeline tells.
    package var step: String
    /// The service that the step calls; `worker` when it calls none.
    package var service: String
    /// The service's own code, or the worker's name for its error.
    package var code: String?
    package var reason: String
    /// Faults that struck a message of this document.
    package var struckBy: [String]
    /// Where a workflow carried it out.
    package var workflow: WorkflowTrace?

    /// - Parameter struckBy: names of windows.
    init(_ task: PipelineTask, _ answer: PipelineAnswer, struckBy: [String]) {
        let first = answer.steps.first
        document = task.document
        kind = task.kind
        result = answer.result
        name = task.document.split(separator: "/").last.map(String.init) ?? task.document
        step = first?.name ?? "unknown"
        service = first?.service ?? "worker"
        code = first?.code
        let reasons = answer.steps.map(\.reason)
        reason = reasons.isEmpty ? answer.reason ?? "no reason was given" : reasons.joined(separator: "; ")
        self.struckBy = struckBy
        workflow = answer.workflow
    }
}
