import Foundation
import Synchronization
import Temporal
import Testing

@Suite struct TemporalWorkerTests {
    private static func sequence(
        _ activities: [String], heartbeat: Duration? = nil
    ) -> [String: @Sendable (WorkflowRun) -> any WorkflowDecider] {
        ["Sequence": { _ in StepByStep(activities, heartbeat: heartbeat) }]
    }

    @Test func activitiesAreDoneInTurnWithTheirArguments() async throws {
        let place = try TemporalPlace()
        let end = try await place.withWorker(workflows: Self.sequence(["a", "b", "c"])) { task, _ in
            let argument = try? task.arguments.first?.decoded(Int.self)
            return .completed([try! Payload(encoding: "\(task.type)\(argument ?? -1)")])
        } _: { _ in
            try await place.client.result(of: try await place.start("Sequence", [try Payload(encoding: 7)]))
        }
        guard case .completed(let results) = end else { throw Unexpected() }
        #expect(try results.map { try $0.decoded(String.self) } == ["a7", "b7", "c7"])
    }

    @Test func aFailureIsTriedAgainWithWhatTheTryBeforeLeft() async throws {
        let place = try TemporalPlace()
        let attempts = Mutex<[Int]>([])
        let end = try await place.withWorker(workflows: Self.sequence(["a"])) { task, _ in
            let before = (try? task.details.first?.decoded(Int.self)) ?? 0
            attempts.withLock { $0.append(task.attempt) }
            guard before == 2 else {
                return .failed(
                    .application(
                        TemporalFailure.Application(
                            type: "Busy", message: "later", nextRetryDelay: .milliseconds(5))),
                    details: [try! Payload(encoding: before + 1)])
            }
            return .completed([])
        } _: { _ in
            try await place.client.result(of: try await place.start("Sequence"))
        }
        #expect(end == .completed([.null]))
        #expect(attempts.withLock { $0 } == [1, 2, 3])
    }

    @Test func aFailureForGoodFailsTheWorkflow() async throws {
        let place = try TemporalPlace()
        let end = try await place.withWorker(workflows: Self.sequence(["a"])) { _, _ in
            .failed(
                .application(
                    TemporalFailure.Application(
                        type: "Refused", message: "never", isRetryable: false, details: [try! Payload(encoding: [1])])))
        } _: { _ in
            try await place.client.result(of: try await place.start("Sequence"))
        }
        guard case .failed(let failure) = end else { throw Unexpected() }
        #expect(failure.description.contains("never"))
    }

    @Test func aCancelledActivityLearnsOfItByItsHeartbeat() async throws {
        let place = try TemporalPlace()
        let begun = AsyncStream<Void>.makeStream()
        let end = try await place.withWorker(workflows: Self.sequence(["a"], heartbeat: .seconds(2))) { _, context in
            begun.continuation.yield()
            try? await Task.sleep(for: .seconds(60))
            return context.isCancelRequested ? .cancelled : .completed([])
        } _: { _ in
            let run = try await place.start("Sequence")
            var beginnings = begun.stream.makeAsyncIterator()
            _ = await beginnings.next()
            try await place.client.cancel(run)
            return try await place.client.result(of: run)
        }
        #expect(end == .cancelled)
    }

    @Test func aStoppedWorkerLeavesItsActivityToAnother() async throws {
        let place = try TemporalPlace()
        let begun = AsyncStream<Void>.makeStream()
        let run = try await place.withWorker(workflows: Self.sequence(["a"])) { task, context in
            context.record([try! Payload(encoding: "half")])
            begun.continuation.yield()
            try? await Task.sleep(for: .seconds(60))
            return .cancelled
        } _: { worker in
            let run = try await place.start("Sequence")
            var beginnings = begun.stream.makeAsyncIterator()
            _ = await beginnings.next()
            await worker.stop(grace: .zero)
            return run
        }
        let end = try await place.withWorker(workflows: Self.sequence(["a"])) { task, _ in
            .completed(task.details)
        } _: { _ in
            try await place.client.result(of: run)
        }
        #expect(end == .completed([try Payload(encoding: "half")]))
    }

    @Test func whatIsUnderWayEndsBeforeAWorkerStops() async throws {
        let place = try TemporalPlace()
        let begun = AsyncStream<Void>.makeStream()
        let goOn = AsyncStream<Void>.makeStream()
        let run = try await place.withWorker(workflows: Self.sequence(["a"])) { _, _ in
            begun.continuation.yield()
            var signals = goOn.stream.makeAsyncIterator()
            _ = await signals.next()
            return .completed([try! Payload(encoding: "done")])
        } _: { worker in
            let run = try await place.start("Sequence")
            var beginnings = begun.stream.makeAsyncIterator()
            _ = await beginnings.next()
            async let stopped: Void = worker.stop(grace: .seconds(30))
            goOn.continuation.yield()
            await stopped
            return run
        }
        let history = try await place.client.history(of: run)
        #expect(history.contains { if case .activityCompleted = $0.kind { true } else { false } })
        try await place.client.terminate(run)
    }

    @Test func anotherWorkerTakesAWorkflowUpFromItsFirstEvent() async throws {
        let place = try TemporalPlace()
        let run = try await place.withWorker(workflows: Self.sequence(["a", "b"])) { task, _ in
            task.type == "a"
                ? .completed([])
                : .failed(.application(TemporalFailure.Application(type: "Busy", message: "not here")))
        } _: { _ in
            let run = try await place.start("Sequence")
            while try await place.client.describe(run).pending.first?.lastFailure == nil {}
            return run
        }
        let end = try await place.withWorker(workflows: Self.sequence(["a", "b"])) { task, _ in
            .completed([try! Payload(encoding: task.type)])
        } _: { _ in
            try await place.client.result(of: run)
        }
        #expect(end == .completed([.null, try Payload(encoding: "b")]))
    }

    @Test func anUnknownTypeIsSaidInTheHistory() async throws {
        let place = try TemporalPlace()
        try await place.withWorker(workflows: Self.sequence([])) { _ in
            let run = try await place.start("Nonsense")
            var said: String?
            while said == nil {
                for event in try await place.client.history(of: run) {
                    if case .workflowTaskFailed(let failure) = event.kind { said = failure.description }
                }
            }
            #expect(said?.contains("'Nonsense'") == true && said?.contains("Sequence") == true)
            try await place.client.terminate(run)
        }
    }

    @Test func manyWorkflowsThroughASmallCacheAllEnd() async throws {
        let place = try TemporalPlace()
        let own = try TemporalClient(place.address)
        var options = TemporalWorker.Options(taskQueue: place.taskQueue)
        options.cachedWorkflows = 2
        options.stickyTimeout = .seconds(1)
        let worker = TemporalWorker(
            client: own, options: options,
            work: TemporalWorker.Work(workflows: Self.sequence(["a", "b", "c"])) { _, _ in .completed([]) })
        worker.start()
        let ends = try await withThrowingTaskGroup(of: WorkflowOutcome.self) { group in
            for _ in 0..<20 {
                group.addTask { try await place.client.result(of: try await place.start("Sequence")) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends == Array(repeating: .completed([.null, .null, .null]), count: 20))
        await worker.stop()
        own.abort()
    }

    struct Unexpected: Error {}
}
