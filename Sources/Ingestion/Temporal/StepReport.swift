/// What the tries of one activity came to so far. It goes from try to try, and with the last into the history.
struct StepReport: Hashable, Sendable, Codable {
    /// An undo may fail for hours; its first failures tell why.
    private static let failuresMax = 20

    var facts: SagaFacts?
    /// In the order of time, at most 20.
    var failures: [AttemptFailure] = []
    /// All that failed.
    var failed = 0
    /// Whether any try may have had its effect.
    var mayHaveLanded = false
    /// What tries that failed took, and the waits behind them. Tries of which nobody was heard are not the step's fault.
    var spent: Duration?

    mutating func add(_ failure: AttemptFailure) {
        failed += 1
        mayHaveLanded = mayHaveLanded || failure.mayHaveLanded
        if failures.count < Self.failuresMax { failures.append(failure) }
    }
}
