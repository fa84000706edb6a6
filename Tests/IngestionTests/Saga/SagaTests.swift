import Consistency
import Ingestion
import Testing

/// The decider by itself.
struct SagaTests {
    private func script(_ kind: IngestionRequest.Kind, failing: SagaStep? = nil) throws -> [String] {
        var simulation = SagaSimulation(kind, batches: 2)
        try simulation.finish { $0 == failing ? .fails(hasLanded: false) : .completes }
        return simulation.history.compactMap { event in
            if case .scheduled(let step) = event { step.description } else { nil }
        }
    }

    @Test func anIngestionTakesItsStepsInOrder() throws {
        #expect(
            try script(.ingest) == [
                "download", "parse", "extract-entities", "embed-0", "embed-1", "snapshot-postgres", "snapshot-neo4j",
                "snapshot-qdrant", "write-postgres", "write-neo4j", "write-qdrant", "snapshot-redis", "write-redis",
                "clean-up",
            ])
    }

    @Test func aDeletionEmptiesTheCacheFirst() throws {
        #expect(
            try script(.delete) == [
                "snapshot-redis", "remove-redis", "snapshot-postgres", "snapshot-neo4j", "snapshot-qdrant",
                "remove-postgres", "remove-neo4j", "remove-qdrant", "clean-up",
            ])
    }

    @Test func compensationsRunInReverse() throws {
        #expect(
            try script(.ingest, failing: .write(.redis)).suffix(5) == [
                "restore-redis", "restore-qdrant", "restore-neo4j", "restore-postgres", "clean-up",
            ])
    }

    @Test func aFailureDuringPreparationLeavesNothingToUndo() throws {
        for step in [SagaStep.download, .parse, .extractEntities, .embed(batch: 1), .snapshot(.postgres)] {
            #expect(try !script(.ingest, failing: step).contains { $0.hasPrefix("restore") }, "\(step)")
        }
    }

    static let forward: [SagaStep] =
        [.download, .parse, .extractEntities, .embed(batch: 0), .embed(batch: 5)]
        + Store.allCases.flatMap { [.snapshot($0), .write($0), .remove($0)] }

    /// Every step that fails, landed or not, at every death and resumption.
    @Test(arguments: IngestionRequest.Kind.allCases, [nil] + forward.map(Optional.some))
    func whateverFailsAndWheneverTheWorkerDiesAllIsWholeInTheEnd(
        kind: IngestionRequest.Kind, failing: SagaStep?
    ) throws {
        for hasLanded in [false, true] {
            let ending: (SagaStep) -> SagaSimulation.Ending = { step in
                step == failing ? .fails(hasLanded: hasLanded) : .completes
            }
            var states = [SagaSimulation(kind)]
            while states[states.count - 1].outcome == nil {
                var simulation = states[states.count - 1]
                try simulation.decide()
                states.append(simulation)
                guard simulation.outcome == nil else { break }
                simulation.end(simulation.underWay[0], ending(simulation.underWay[0]))
                states.append(simulation)
            }
            #expect(states[states.count - 1].isWhole)
            for state in states where state.outcome == nil {
                for landing in [false, true] {
                    for later in [ending, { _ in .completes }] {
                        var simulation = state
                        simulation.dieAndResume { _ in landing }
                        try simulation.finish(later)
                        #expect(simulation.isWhole, "\(simulation.history)")
                    }
                    var cancelled = state
                    cancelled.cancel()
                    try cancelled.finish()
                    #expect(cancelled.isWhole)
                    guard case .rolledBack = cancelled.outcome else {
                        Issue.record("a cancelled saga went on")
                        continue
                    }
                }
            }
        }
    }

    /// Steps end in any order, writes land or do not, undos fail, workers die again and again.
    @Test(arguments: 0..<300)
    func anyInterleavingEndsWhole(seed: UInt64) throws {
        var random = SplitMix64(seed: seed, "saga")
        var simulation = SagaSimulation(random.unit() < 0.7 ? .ingest : .delete, batches: random.below(8))
        let badness = random.unit() * 0.2
        var turns = 0
        while simulation.outcome == nil {
            try simulation.decide()
            guard simulation.outcome == nil else { break }
            turns += 1
            try #require(turns < 2000)
            if random.unit() < 0.03, turns < 200 {
                let lands = simulation.underWay.map { _ in random.unit() < 0.5 }
                let steps = simulation.underWay
                simulation.dieAndResume { step in lands[steps.firstIndex(of: step)!] }
                if random.unit() < 0.1 { simulation.content = "b" }
                continue
            }
            if random.unit() < 0.01 { simulation.cancel() }
            let step = simulation.underWay[random.below(simulation.underWay.count)]
            let fails = random.unit() < badness || simulation.cancelled.contains(step) && random.unit() < 0.8
            simulation.end(step, fails ? .fails(hasLanded: random.unit() < 0.5) : .completes)
        }
        #expect(simulation.isWhole, "\(simulation.history)")
    }

    @Test func contentThatChangedBetweenTwoLivesIsRolledBack() throws {
        var simulation = SagaSimulation(.ingest)
        while simulation.stores[.postgres] != SagaSimulation.new {
            try simulation.decide()
            simulation.end(simulation.underWay[0], .completes)
        }
        simulation.dieAndResume { _ in false }
        simulation.content = "b"
        try simulation.finish()
        guard case .rolledBack(let failures)? = simulation.outcome else {
            Issue.record("not rolled back")
            return
        }
        #expect(failures.map(\.code) == ["ContentChanged"])
        #expect(simulation.isWhole)
    }

    @Test func contentThatChangedBeforeAnyWriteIsNoReason() throws {
        var simulation = SagaSimulation(.ingest)
        while !simulation.underWay.contains(.embed(batch: 0)) {
            try simulation.decide()
            if !simulation.underWay.contains(.embed(batch: 0)) { simulation.end(simulation.underWay[0], .completes) }
        }
        simulation.dieAndResume { _ in false }
        simulation.content = "b"
        try simulation.finish()
        #expect(simulation.outcome == .succeeded)
    }

    /// After a restart nothing is prepared again that nobody needs.
    @Test func aSagaThatHasWrittenAllOnlyCleansUp() throws {
        var simulation = SagaSimulation(.ingest)
        while !simulation.underWay.contains(.cleanUp) {
            try simulation.decide()
            if !simulation.underWay.contains(.cleanUp) { simulation.end(simulation.underWay[0], .completes) }
        }
        simulation.dieAndResume { _ in false }
        #expect(simulation.saga.decide(history: simulation.history) == [.schedule(.cleanUp)])
    }

    @Test func theFirstFailureIsTheReasonAndNotTheCancellationsThatFollow() throws {
        var simulation = SagaSimulation(.ingest)
        while !simulation.underWay.contains(.write(.qdrant)) {
            try simulation.decide()
            if !simulation.underWay.contains(.write(.qdrant)) { simulation.end(simulation.underWay[0], .completes) }
        }
        simulation.end(.write(.neo4j), .fails(hasLanded: false))
        try simulation.finish { $0.changes == nil ? .completes : .fails(hasLanded: true) }
        guard case .rolledBack(let failures)? = simulation.outcome else {
            Issue.record("not rolled back")
            return
        }
        #expect(failures.map(\.activity) == [.write(.neo4j)])
        #expect(simulation.isWhole)
    }

    /// What rules that are wrong do, so that the checks above can be trusted to fail.
    @Test func wrongRulesLeaveDamage() throws {
        func leftovers(_ step: SagaStep, hasLanded: Bool = false, _ change: (inout SagaRules) -> Void) throws -> Bool {
            var rules = SagaRules()
            change(&rules)
            var simulation = SagaSimulation(.ingest, rules: rules)
            try simulation.finish { $0 == step ? .fails(hasLanded: hasLanded) : .completes }
            return !simulation.isWhole
        }
        #expect(try leftovers(.write(.neo4j)) { $0.compensation = .none })
        #expect(try leftovers(.write(.neo4j), hasLanded: true) { $0.compensation = .answeredStores })
        #expect(try !leftovers(.write(.neo4j)) { $0.compensation = .answeredStores })
        #expect(try leftovers(.write(.redis)) { $0.failuresTolerated = 1 })
        #expect(try leftovers(.write(.redis), hasLanded: true) { $0.undoesCache = false })
        #expect(throws: SagaSimulation.Broken.self) { try leftovers(.write(.redis)) { $0.cacheFollows = false } }
        #expect(throws: SagaSimulation.Broken.self) {
            try leftovers(.write(.redis)) { $0.registration = .afterWrite }
        }
    }
}
