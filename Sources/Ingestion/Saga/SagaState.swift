package import Consistency

/// What a history comes to.
package struct SagaState: Hashable, Sendable {
    package private(set) var request: IngestionRequest?
    package private(set) var underWay: Set<SagaStep> = []
    /// Completed, and still of use.
    package private(set) var completed: Set<SagaStep> = []
    /// Of the bytes that this worker downloaded.
    package private(set) var digest: String?
    package private(set) var chunks = 0
    package private(set) var entities = 0
    package private(set) var batches: Int?
    /// Stores in the order in which their compensations were registered.
    package private(set) var registered: [Store] = []
    /// Stores whose write or removal was ever scheduled.
    package private(set) var asked: Set<Store> = []
    /// Stores of which it can't be told whether their write or removal landed.
    package private(set) var unanswered: Set<Store> = []
    package private(set) var changed: Set<Store> = []
    package private(set) var restored: Set<Store> = []
    /// Stores whose compensation failed at least once.
    package private(set) var unrestored: Set<Store> = []
    /// Of forward steps, for good, in the order of time; not those of steps that were cancelled for an earlier one.
    package private(set) var failures: [AttemptFailure] = []
    package private(set) var failedStores: Set<Store> = []
    package private(set) var isCancelled = false
    package private(set) var isCleanedUp = false
    package private(set) var result: IngestionResult?
    /// Of the bytes that the stores were first asked to hold.
    package private(set) var digestAsked: String?
    /// A restore was scheduled: there is no way forward any more.
    package private(set) var isGoingBack = false

    package init(_ history: [SagaEvent] = []) {
        for event in history { apply(event) }
    }

    package mutating func apply(_ event: SagaEvent) {
        switch event {
        case .requested(let request): self.request = request
        case .scheduled(let step): schedule(step)
        case .completed(let step, let facts): complete(step, facts)
        case .failed(let step, let failure): fail(step, failure)
        case .cancelRequested: isCancelled = true
        case .resumed: resume()
        case .finished(let result): self.result = result
        }
    }

    private mutating func schedule(_ step: SagaStep) {
        underWay.insert(step)
        if let store = step.changes {
            asked.insert(store)
            unanswered.insert(store)
            if digestAsked == nil { digestAsked = digest }
        }
        if case .restore = step { isGoingBack = true }
    }

    private mutating func complete(_ step: SagaStep, _ facts: SagaFacts) {
        underWay.remove(step)
        completed.insert(step)
        switch step {
        case .snapshot(let store):
            if !registered.contains(store) { registered.append(store) }
        case .write(let store), .remove(let store):
            unanswered.remove(store)
            changed.insert(store)
        case .restore(let store):
            restored.insert(store)
        case .cleanUp:
            isCleanedUp = true
        case .download, .parse, .extractEntities, .embed:
            break
        }
        take(facts)
    }

    private mutating func take(_ facts: SagaFacts) {
        switch facts {
        case .nothing, .stood: break
        case .downloaded(let digest):
            self.digest = digest
            // A part of the stores holds other bytes already: all of them can't be made to hold one version.
            if let digestAsked, digestAsked != digest { failures.append(.contentChanged) }
        case .analysed(let chunks, let entities, let batches):
            self.chunks = chunks
            self.entities = entities
            self.batches = batches
        }
    }

    private mutating func fail(_ step: SagaStep, _ failure: AttemptFailure) {
        underWay.remove(step)
        switch step {
        case .restore(let store): unrestored.insert(store)
        case .cleanUp: isCleanedUp = true
        case .download, .parse, .extractEntities, .embed, .snapshot, .write, .remove:
            if let store = step.changes, !failure.mayHaveLanded { unanswered.remove(store) }
            if let store = step.store { failedStores.insert(store) }
            // What was cancelled because of an earlier failure is no reason of its own.
            if !failure.isCancellation || (failures.isEmpty && !isCancelled) {
                failures.append(failure)
            }
        }
    }

    private mutating func resume() {
        underWay = []
        completed = completed.filter { !$0.isPreparation }
        digest = nil
        batches = nil
    }

    /// Something is wrong enough to go back, by the number of stores whose failure is put up with.
    package func isFailing(tolerating failures: Int) -> Bool {
        if isCancelled || isGoingBack { return true }
        if self.failures.isEmpty { return false }
        let ofStores = self.failures.allSatisfy { $0.activity.isOfStore }
        return !(ofStores && failedStores.count <= failures)
    }
}

extension SagaStep {
    /// The store that a step of the way forward asks.
    var store: Store? {
        switch self {
        case .snapshot(let store), .write(let store), .remove(let store): store
        default: nil
        }
    }
}

extension Activity {
    var isOfStore: Bool {
        switch self {
        case .snapshot, .write, .remove: true
        default: false
        }
    }
}
