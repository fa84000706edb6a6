import Ingestion
import Synchronization

/// Steps that do what a test says; they remember which were tried.
final class ScriptedSteps: SagaSteps {
    private let script: @Sendable (SagaStep, Int) async throws -> Void
    private let tries = Mutex<[SagaStep]>([])
    let chunks = 0

    /// - Parameter script: gets the step and which try of it this is, from 1.
    init(_ script: @escaping @Sendable (SagaStep, Int) async throws -> Void = { _, _ in }) {
        self.script = script
    }

    var tried: [SagaStep] { tries.withLock { $0 } }

    func count(_ step: SagaStep) -> Int { tried.count { $0 == step } }

    func perform(_ step: SagaStep) async throws -> SagaFacts {
        let number = tries.withLock { tries in
            tries.append(step)
            return tries.count { $0 == step }
        }
        try await script(step, number)
        return switch step {
        case .download: .downloaded(digest: "a")
        case .extractEntities: .analysed(chunks: 3, entities: 1, batches: 2)
        case .snapshot: .stood(digest: nil, chunks: 0)
        default: .nothing
        }
    }
}

/// Lets tests wait for a moment inside a step, and steps for the test.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Waits until the calling task is cancelled.
func untilCancelled() async throws {
    for await _ in AsyncStream<Void>.makeStream().stream {}
    try Task.checkCancellation()
}
