/// One thing that happened in a saga. The sequence of them is all that the decider knows.
package enum SagaEvent: Hashable, Sendable, Codable {
    /// Always the first.
    case requested(IngestionRequest)
    case scheduled(SagaStep)
    case completed(SagaStep, SagaFacts)
    /// Failed for good: the engine has tried it as often as the step's policy allows.
    case failed(SagaStep, AttemptFailure)
    case cancelRequested
    /// Another worker took over from one that died. What was prepared is gone, what was under way may have landed.
    case resumed
    /// Always the last.
    case finished(IngestionResult)
}
