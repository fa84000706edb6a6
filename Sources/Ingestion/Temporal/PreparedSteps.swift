import Synchronization

/// A document's steps on a worker that may be another than the one which prepared the document: what is missing here is
/// prepared again before it is needed.
final class PreparedSteps: Sendable {
    private let steps: DocumentSteps
    /// The last in line; one prepares at a time.
    private let preparing = Mutex<Task<Void, any Error>?>(nil)

    init(_ steps: DocumentSteps) {
        self.steps = steps
    }

    /// - Parameter digest: of the bytes that the saga is about, once they were downloaded.
    func perform(_ step: SagaStep, digest: String?) async throws -> SagaFacts {
        if steps.missing(before: step) != nil { try await prepare(for: step, digest: digest) }
        return try await steps.perform(step)
    }

    private func prepare(for step: SagaStep, digest: String?) async throws {
        let task = preparing.withLock { last in
            let task = Task { [last, steps] in
                _ = try? await last?.value
                while let missing = steps.missing(before: step) {
                    try Task.checkCancellation()
                    let facts = try await steps.perform(missing)
                    if case .downloaded(let found) = facts, let digest, found != digest {
                        throw AttemptFailure.contentChanged
                    }
                }
            }
            last = task
            return task
        }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
