import Consistency
import Stores
import Temporal

extension TemporalSpec.Course {
    func start(of task: PipelineTask, lane: Int) -> WorkflowStart {
        func fill(_ text: String) -> String { SubmissionWord.fill(text, task, lane: lane) }
        let values = arguments.map { argument -> Payload in
            let value = argument.json(fill)
            return value == .null ? .null : Payload(json: value.bytes)
        }
        var start = WorkflowStart(type: workflow, id: fill(id), taskQueue: fill(taskQueue), arguments: values)
        start.conflict = .refuse
        return start
    }

    func answer(_ outcome: WorkflowOutcome) -> PipelineAnswer {
        switch outcome {
        case .completed(let payloads):
            guard let bytes = (payloads.first ?? .null).json, let value = JSON(bytes) else {
                let encoding = payloads.first?.encoding ?? "no"
                return .failed(.unknown, workflow, "the workflow's result has the encoding '\(encoding)', not JSON")
            }
            return result.answer(value, step: workflow)
        case .failed(let failure):
            return answer(.failed, step: failure.activity ?? workflow, failure.description, code: failure.code)
        case .cancelled:
            return answer(.canceled, step: workflow, "the workflow was \(outcome.words)")
        case .terminated:
            return answer(.terminated, step: workflow, "the workflow was \(outcome.words)")
        case .timedOut:
            return answer(.timedOut, step: workflow, "the workflow \(outcome.words)")
        }
    }

    private func answer(
        _ close: TemporalSpec.Close, step: String, _ reason: String, code: String? = nil
    ) -> PipelineAnswer {
        .failed(rolledBack.contains(close) ? .rolledBack : .unknown, step, reason, code: code)
    }
}

extension WorkflowOutcome {
    /// Behind `the workflow was`, mostly.
    var words: String {
        switch self {
        case .completed: "completed"
        case .failed(let failure): "failed (\(failure))"
        case .cancelled: "cancelled"
        case .terminated(let reason): reason.isEmpty ? "terminated" : "terminated (\(reason))"
        case .timedOut: "out of its own time"
        }
    }
}

extension TemporalFailure {
    /// The type of the activity that it comes from.
    fileprivate var activity: String? {
        switch self {
        case .activity(_, let type, _): type
        case .childWorkflow(_, _, let cause): cause?.activity
        case .application, .timeout, .cancelled, .terminated, .other: nil
        }
    }

    /// The worker's name for the failure.
    fileprivate var code: String? {
        switch self {
        case .application(let failure): failure.type.isEmpty ? nil : failure.type
        case .activity(_, _, let cause), .childWorkflow(_, _, let cause): cause?.code
        case .timeout(let kind, _): "\(kind.rawValue)-timeout"
        case .cancelled, .terminated, .other: nil
        }
    }
}
