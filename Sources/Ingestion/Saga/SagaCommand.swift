/// What an engine shall do next.
package enum SagaCommand: Hashable, Sendable, Codable {
    /// Enter the step as scheduled into the history, then start it.
    case schedule(SagaStep)
    /// Tell a step under way to stop. Given again until it has ended; telling it twice changes nothing.
    case cancel(SagaStep)
    /// Record the outcome; nothing comes after.
    case finish(SagaOutcome)
}

/// How a saga ended.
package enum SagaOutcome: Hashable, Sendable, Codable {
    case succeeded
    /// All undone, for these reasons: the failures for good in the order of time.
    case rolledBack([AttemptFailure])
}
