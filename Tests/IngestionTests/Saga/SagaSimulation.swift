import Consistency
import Ingestion

/// Drives the decider without any engine: stores are a word each, and a script says how steps end.
struct SagaSimulation: Sendable {
    enum Ending: Hashable, Sendable {
        case completes
        /// Fails for good; the write has happened all the same, or has not.
        case fails(hasLanded: Bool)
    }

    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    static let former = "former"
    static let new = "new"

    let saga: Saga
    private(set) var history: [SagaEvent]
    private(set) var stores = Dictionary(uniqueKeysWithValues: Store.allCases.map { ($0, Self.former) })
    private(set) var underWay: [SagaStep] = []
    private(set) var cancelled: Set<SagaStep> = []
    private(set) var outcome: SagaOutcome?
    private var kept: [Store: String] = [:]
    /// What the object in S3 holds.
    var content = "a"
    let batches: Int
    private let request: IngestionRequest

    init(_ kind: IngestionRequest.Kind, rules: SagaRules = SagaRules(), batches: Int = 6) {
        saga = Saga(rules: rules)
        self.batches = batches
        request = IngestionRequest(id: "1", kind: kind, document: "d", key: "k")
        history = [.requested(request)]
    }

    /// What all stores hold when the request succeeded.
    var wanted: String { request.kind == .ingest ? Self.new : "" }

    /// Does what the decider says, and checks what must hold whenever it says so.
    mutating func decide() throws {
        let commands = saga.decide(history: history)
        guard commands == saga.decide(history: history) else { throw Broken(description: "the same again differs") }
        for command in commands {
            switch command {
            case .schedule(let step):
                try check(step)
                history.append(.scheduled(step))
                underWay.append(step)
            case .cancel(let step):
                guard underWay.contains(step) else { throw Broken(description: "\(step) is not under way") }
                cancelled.insert(step)
            case .finish(let outcome):
                guard underWay.isEmpty else { throw Broken(description: "finished before \(underWay)") }
                self.outcome = outcome
                history.append(.finished(IngestionResult(request, outcome: .succeeded)))
            }
        }
        if outcome == nil, underWay.isEmpty { throw Broken(description: "stuck after \(history)") }
    }

    private func check(_ step: SagaStep) throws {
        guard !underWay.contains(step) else { throw Broken(description: "\(step) is scheduled twice") }
        if let store = step.changes, kept[store] == nil {
            throw Broken(description: "\(step) before what stands there was kept")
        }
        if step == .write(.redis) || step == .snapshot(.redis), request.kind == .ingest {
            let others = [Store.postgres, .neo4j, .qdrant]
            guard others.allSatisfy({ stores[$0] == Self.new }) else { throw Broken(description: "cache ahead") }
        }
        if let store = step.changes, request.kind == .delete, store != .redis, stores[.redis] != "" {
            throw Broken(description: "cache left behind")
        }
        if case .restore = step, !underWay.isEmpty { throw Broken(description: "\(step) beside \(underWay)") }
        if case .embed = step {
            let embeddings = underWay.filter { if case .embed = $0 { true } else { false } }
            guard embeddings.count < saga.rules.embeddingConcurrency else { throw Broken(description: "too many") }
        }
    }

    /// Ends a step under way.
    mutating func end(_ step: SagaStep, _ ending: Ending) {
        underWay.removeAll { $0 == step }
        let wasCancelled = cancelled.remove(step) != nil
        switch ending {
        case .completes:
            land(step)
            history.append(.completed(step, facts(of: step)))
        case .fails(let hasLanded):
            if hasLanded { land(step) }
            let code = wasCancelled ? "Cancelled" : "Broken"
            history.append(
                .failed(
                    step,
                    AttemptFailure(
                        activity: step.activity, code: code, reason: "as scripted", mayHaveLanded: hasLanded)))
        }
    }

    mutating func cancel() {
        history.append(.cancelRequested)
    }

    /// The worker dies, and another takes over. Of what was under way, some has landed.
    mutating func dieAndResume(landing: (SagaStep) -> Bool) {
        for step in underWay where landing(step) { land(step) }
        underWay = []
        cancelled = []
        history.append(.resumed)
    }

    private mutating func land(_ step: SagaStep) {
        switch step {
        case .snapshot(let store): kept[store] = stores[store]
        case .write(let store): stores[store] = Self.new
        case .remove(let store): stores[store] = ""
        case .restore(let store): stores[store] = kept[store]
        default: break
        }
    }

    private func facts(of step: SagaStep) -> SagaFacts {
        switch step {
        case .download: .downloaded(digest: content)
        case .extractEntities: .analysed(chunks: 9, entities: 3, batches: batches)
        case .snapshot: .stood(digest: "former", chunks: 4)
        default: .nothing
        }
    }

    /// Drives on to the end; `ending` says how each step ends.
    mutating func finish(_ ending: (SagaStep) -> Ending = { _ in .completes }) throws {
        var turns = 0
        while outcome == nil {
            try decide()
            guard outcome == nil else { return }
            end(underWay[0], ending(underWay[0]))
            turns += 1
            guard turns < 1000 else { throw Broken(description: "no end: \(history.suffix(20))") }
        }
    }

    /// Success and all stores hold what was wanted, or a rollback and all hold what they held before.
    var isWhole: Bool {
        switch outcome {
        case .succeeded: stores.values.allSatisfy { $0 == wanted }
        case .rolledBack: stores.values.allSatisfy { $0 == Self.former }
        case nil: false
        }
    }
}
