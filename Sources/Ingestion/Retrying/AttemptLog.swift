import Synchronization

/// The tries of one document's activities, as they happen.
package final class AttemptLog: Sendable {
    /// An undo may fail for hours; its first failures tell why.
    private static let failuresMax = 200

    private struct State {
        var attempts: [Activity: Int] = [:]
        var failures: [AttemptFailure] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var attempts: [Activity: Int] { state.withLock { $0.attempts } }

    /// In the order in which they happened, those that a later try made good included; at most 200.
    package var failures: [AttemptFailure] { state.withLock { $0.failures } }

    func began(_ activity: Activity) {
        state.withLock { $0.attempts[activity, default: 0] += 1 }
    }

    func failed(_ failure: AttemptFailure) {
        state.withLock { if $0.failures.count < Self.failuresMax { $0.failures.append(failure) } }
    }
}
