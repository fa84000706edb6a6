import Consistency
import Ingestion
import Stores
import Synchronization
import Testing

/// The embedded engine, with steps that a test scripts.
struct IngestionWorkerTests {
    private let request = IngestionRequest(id: "1", document: "d", key: "k")

    private static func error(isTransient: Bool, retryAfter: Duration? = nil) -> StoreError {
        StoreError(
            service: "neo4j", operation: "COMMIT", outcome: .indefinite, isTransient: isTransient, code: "X",
            message: "as scripted", retryAfter: retryAfter)
    }

    @Test func theSameIDAgainGivesTheRecordedResult() async throws {
        try await JournalFolder.with { folder in
            let steps = ScriptedSteps()
            let first = await folder.worker(steps).perform(request)
            #expect(first.succeeded)
            let tried = steps.tried.count
            #expect(await folder.worker(steps).perform(request) == first)
            #expect(steps.tried.count == tried)
            #expect(folder.journal.unfinished == 0)
        }
    }

    @Test func theSameIDWhileItRunsJoins() async throws {
        try await JournalFolder.with { folder in
            let (reached, gate) = (Gate(), Gate())
            let steps = ScriptedSteps { step, _ in
                guard step == .parse else { return }
                reached.open()
                await gate.wait()
            }
            let worker = folder.worker(steps)
            async let first = worker.perform(request)
            await reached.wait()
            async let second = worker.perform(request)
            gate.open()
            let results = await [first, second]
            #expect(results[0] == results[1] && results[0].succeeded)
            #expect(steps.count(.download) == 1)
        }
    }

    @Test func anUndoIsTriedUntilItSucceedsWithCappedWaits() async throws {
        try await JournalFolder.with { folder in
            let clock = BackOffClock()
            let steps = ScriptedSteps { step, number in
                if step == .write(.neo4j) { throw Self.error(isTransient: false) }
                if step == .restore(.postgres), number <= 30 { throw Self.error(isTransient: true) }
            }
            let result = await folder.worker(steps, clock: clock).perform(request)
            guard case .rolledBack(let failures) = result.outcome else {
                Issue.record("\(result)")
                return
            }
            #expect(failures.map(\.activity) == [.write(.neo4j)])
            #expect(result.attempts["restore-postgres"] == 31)
            #expect(result.written == [])
            let waits = clock.slept
            #expect(waits.count == 30)
            #expect(waits.allSatisfy { (.milliseconds(50)...(.seconds(1))).contains($0) })
            #expect(waits[0] <= .milliseconds(100) && waits[29] >= .milliseconds(500))
        }
    }

    @Test func cancellationStopsForwardStepsAndNotTheUndo() async throws {
        try await JournalFolder.with { folder in
            let reached = Gate()
            let undone = Mutex<[Bool]>([])
            let steps = ScriptedSteps { step, _ in
                switch step {
                case .snapshot(.redis):
                    reached.open()
                    try await untilCancelled()
                case .restore:
                    undone.withLock { $0.append(Task.isCancelled) }
                default: break
                }
            }
            let worker = folder.worker(steps)
            let request = request
            let task = Task { await worker.perform(request) }
            await reached.wait()
            task.cancel()
            let result = await task.value
            guard case .rolledBack = result.outcome else {
                Issue.record("\(result)")
                return
            }
            #expect(undone.withLock { $0 } == [false, false, false])
            #expect(steps.count(.write(.redis)) == 0)
        }
    }

    /// One that is abandoned could land after its undo.
    @Test func aWriteUnderWayIsLeftToEndBeforeItIsUndone() async throws {
        try await JournalFolder.with { folder in
            let (failed, gate) = (Gate(), Gate())
            let wasCancelled = Mutex<Bool?>(nil)
            let steps = ScriptedSteps { step, _ in
                switch step {
                case .write(.neo4j):
                    failed.open()
                    throw Self.error(isTransient: false)
                case .write(.qdrant):
                    await gate.wait()
                    wasCancelled.withLock { $0 = Task.isCancelled }
                default: break
                }
            }
            let worker = folder.worker(steps)
            async let running = worker.perform(request)
            await failed.wait()
            await worker.cancel(request.id)
            gate.open()
            #expect(await !running.succeeded)
            #expect(wasCancelled.withLock { $0 } == false)
            #expect(steps.count(.restore(.qdrant)) == 1)
        }
    }

    @Test func aStoppedWorkerLeavesItsSagaForAnother() async throws {
        try await JournalFolder.with { folder in
            let reached = Gate()
            let steps = ScriptedSteps { step, _ in
                guard step == .snapshot(.redis) else { return }
                reached.open()
                try await untilCancelled()
            }
            let worker = folder.worker(steps)
            async let running = worker.perform(request)
            await reached.wait()
            await worker.stop()
            let result = await running
            #expect(result.outcome == .unknown([]))
            #expect(folder.journal.unfinished == 1)

            let others = ScriptedSteps()
            let other = folder.worker(others)
            let resumed = await other.resume()
            #expect(resumed.map(\.id) == ["1"] && resumed[0].succeeded)
            #expect(others.tried.filter { $0 == .snapshot(.postgres) } == [])
            #expect(others.count(.write(.qdrant)) == 0)
            #expect(others.count(.write(.redis)) == 1)
            #expect(await other.perform(request) == resumed[0])
            #expect(folder.journal.unfinished == 0)
            #expect(await other.resume() == [])
        }
    }

    @Test func aSagaOfADeadOwnerIsEndedBeforeTheDocumentsNext() async throws {
        try await JournalFolder.with { folder in
            let reached = Gate()
            let worker = folder.worker(
                ScriptedSteps { step, _ in
                    guard step == .snapshot(.redis) else { return }
                    reached.open()
                    try await untilCancelled()
                })
            async let running = worker.perform(request)
            await reached.wait()
            await worker.stop()
            _ = await running
            let steps = ScriptedSteps()
            let next = IngestionRequest(id: "2", kind: .delete, document: "d")
            #expect(await folder.worker(steps).perform(next).succeeded)
            let order = steps.tried
            let ended = try #require(order.firstIndex(of: .write(.redis)))
            let begun = try #require(order.firstIndex(of: .remove(.redis)))
            #expect(ended < begun)
            #expect(folder.journal.unfinished == 0)
        }
    }

    /// Workers with journals of their own on one folder are as two processes.
    @Test(arguments: [true, false])
    func oneSagaOfADocumentAtATime(locks: Bool) async throws {
        try await JournalFolder.with { folder in
            let state = Mutex((now: 0, most: 0))
            let gate = Gate()
            let steps = ScriptedSteps { step, _ in
                if step == .download {
                    let now = state.withLock { state in
                        state.now += 1
                        state.most = max(state.most, state.now)
                        return state.now
                    }
                    // Without locks all come together here.
                    if !locks, now == 4 { gate.open() }
                    if !locks { await gate.wait() }
                }
                if step == .cleanUp { state.withLock { $0.now -= 1 } }
            }
            let workers = [0, 1].map { _ in folder.worker(steps, defects: locks ? [] : [.noDocumentLock]) }
            let results = await withTaskGroup(of: IngestionResult.self) { group in
                for index in 0..<4 {
                    group.addTask {
                        await workers[index % 2].perform(
                            IngestionRequest(id: "\(index)", document: "d", key: "k"))
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.allSatisfy { $0.succeeded }, "\(results)")
            #expect(state.withLock { $0.most } == (locks ? 1 : 4))
        }
    }

    @Test func allTriesTogetherEndAtScheduleToClose() async throws {
        try await JournalFolder.with { folder in
            let clock = BackOffClock()
            let steps = ScriptedSteps { step, _ in
                if step == .embed(batch: 0) { throw Self.error(isTransient: true) }
            }
            let result = await folder.worker(steps, clock: clock).perform(request)
            #expect(!result.succeeded)
            #expect(clock.now.offset <= ActivityPolicies().embed.scheduleToClose!)
            #expect(result.attempts["embed"]! > 3)
        }
    }

    /// An answer that asks for more patience than is left is the last.
    @Test func retryAfterBeyondScheduleToCloseIsNotWaitedFor() async throws {
        try await JournalFolder.with { folder in
            let steps = ScriptedSteps { step, _ in
                if step == .embed(batch: 0) { throw Self.error(isTransient: true, retryAfter: .seconds(30)) }
            }
            let result = await folder.worker(steps).perform(request)
            #expect(!result.succeeded)
            #expect(result.attempts["embed"] == 2)
        }
    }

    @Test func defectsOfTheUndo() async throws {
        let failing: @Sendable (SagaStep, Int) async throws -> Void = { step, number in
            if step == .write(.neo4j) { throw Self.error(isTransient: false) }
            if step == .restore(.postgres), number == 1 { throw Self.error(isTransient: true) }
            try Task.checkCancellation()
        }
        func undone(_ defect: Defect) async throws -> Int {
            let steps = ScriptedSteps(failing)
            try await JournalFolder.with { folder in
                let result = await folder.worker(steps, defects: [defect]).perform(request)
                guard case .rolledBack = result.outcome else {
                    Issue.record("\(result)")
                    return
                }
            }
            return steps.count(.restore(.postgres))
        }
        #expect(try await undone(.noExtensionFallback) == 2)
        #expect(try await undone(.compensationNotRetried) == 1)
        #expect(try await undone(.noCompensation) == 0)
        #expect(try await undone(.rollbackNotShielded) <= 1)
    }
}
