import Synchronization

/// What reaches a saga under way: ends of its steps, and wishes from outside.
final class SagaSignals: Sendable {
    enum Signal: Sendable {
        case completed(SagaStep, SagaFacts)
        case failed(SagaStep, AttemptFailure)
        case cancel
        /// Leave the saga as it is, for somebody else to resume.
        case stop
    }

    let stream: AsyncStream<Signal>
    private let continuation: AsyncStream<Signal>.Continuation
    private let stopped = Atomic(false)

    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func send(_ signal: Signal) {
        if case .stop = signal { stopped.store(true, ordering: .releasing) }
        continuation.yield(signal)
    }
}
