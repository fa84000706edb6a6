import Consistency

/// The reference saga: what shall be done next, from what has happened. Pure: no clock, no chance, no I/O, so any engine can
/// drive it, and a history replayed gives the same commands.
///
/// Forward, a document is prepared and written to all stores; each store's former state is kept before the store is
/// asked for anything. On a failure for good, what is under way is stopped and awaited, and every store that was
/// ever asked is put back, one by one, the last registered first.
package struct Saga: Sendable {
    package var rules: SagaRules

    package init(rules: SagaRules = SagaRules()) {
        self.rules = rules
    }

    package func decide(history: [SagaEvent]) -> [SagaCommand] {
        decide(SagaState(history))
    }

    /// - Returns: nothing while all that can be done is to wait.
    package func decide(_ state: SagaState) -> [SagaCommand] {
        guard let request = state.request, state.result == nil else { return [] }
        if state.isFailing(tolerating: rules.failuresTolerated) { return back(state) }
        return request.kind == .ingest ? ingest(state) : delete(state)
    }

    // MARK: Forward

    private func ingest(_ state: SagaState) -> [SagaCommand] {
        let done = done(state)
        if done.count == Store.allCases.count { return conclude(state, .succeeded) }
        guard let batches = state.batches else {
            let next = [SagaStep.download, .parse, .extractEntities].first { !state.completed.contains($0) }
            return next.map { start([$0], state) } ?? []
        }
        let embeddings = (0..<batches).map { SagaStep.embed(batch: $0) }.filter { !state.completed.contains($0) }
        if !embeddings.isEmpty { return start(embeddings.prefix(rules.embeddingConcurrency), state) }
        return start(stores(leaving: done, cacheLast: rules.cacheFollows).map { next($0, .write($0), state) }, state)
    }

    private func delete(_ state: SagaState) -> [SagaCommand] {
        let done = done(state)
        if done.count == Store.allCases.count { return conclude(state, .succeeded) }
        return start(stores(leaving: done, cacheLast: !rules.cacheFollows).map { next($0, .remove($0), state) }, state)
    }

    /// The stores that need nothing more.
    private func done(_ state: SagaState) -> Set<Store> {
        let changed =
            switch rules.registration {
            case .beforeWrite: state.changed
            case .afterWrite: state.changed.intersection(state.registered)
            }
        return changed.union(state.failedStores)
    }

    /// The stores whose turn it is. The cache is never ahead of the stores that it answers for.
    private func stores(leaving done: Set<Store>, cacheLast: Bool) -> [Store] {
        let others = [Store.postgres, .neo4j, .qdrant].filter { !done.contains($0) }
        let cache = [Store.redis].filter { !done.contains($0) }
        let (early, late) = cacheLast ? (others, cache) : (cache, others)
        return early.isEmpty ? late : early
    }

    private func next(_ store: Store, _ change: SagaStep, _ state: SagaState) -> SagaStep {
        let isRegistered = state.registered.contains(store)
        switch rules.registration {
        case .beforeWrite: return isRegistered ? change : .snapshot(store)
        case .afterWrite: return state.changed.contains(store) ? .snapshot(store) : change
        }
    }

    // MARK: Back

    private func back(_ state: SagaState) -> [SagaCommand] {
        let forward = state.underWay.filter { !$0.isShielded }
        if !forward.isEmpty { return forward.sorted { $0.description < $1.description }.map { .cancel($0) } }
        if !state.underWay.isEmpty { return [] }
        if let store = state.registered.reversed().first(where: { isToBeRestored($0, state) }) {
            return start([.restore(store)], state)
        }
        return conclude(state, .rolledBack(state.failures))
    }

    private func isToBeRestored(_ store: Store, _ state: SagaState) -> Bool {
        guard state.asked.contains(store), !state.restored.contains(store) else { return false }
        if !rules.retriesCompensation, state.unrestored.contains(store) { return false }
        if !rules.undoesCache, store == .redis { return false }
        switch rules.compensation {
        case .everyStoreAsked: return true
        case .answeredStores: return !state.unanswered.contains(store)
        case .unlessRefused: return state.changed.contains(store) || state.unanswered.contains(store)
        case .none: return false
        }
    }

    private func conclude(_ state: SagaState, _ outcome: SagaOutcome) -> [SagaCommand] {
        state.isCleanedUp ? [.finish(outcome)] : start([.cleanUp], state)
    }

    /// Those of the steps that are not under way already.
    private func start(_ steps: some Sequence<SagaStep>, _ state: SagaState) -> [SagaCommand] {
        steps.filter { !state.underWay.contains($0) }.map { .schedule($0) }
    }
}
