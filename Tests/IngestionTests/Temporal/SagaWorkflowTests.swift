import Consistency
import Foundation
import Ingestion
import Temporal
import Testing

/// The decider behind Temporal's histories.
struct SagaWorkflowTests {
    /// A history as the server would write it for the events of a saga.
    private struct ServerHistory {
        private(set) var events: [WorkflowEvent] = []
        private var places: [SagaStep: Int] = [:]

        /// As an activity's result or failure carries it.
        private struct Report: Encodable {
            var facts: SagaFacts?
            var failures: [AttemptFailure] = []
            var failed = 0
            var mayHaveLanded = false
        }

        private mutating func append(_ kind: WorkflowEvent.Kind) {
            events.append(WorkflowEvent(id: events.count + 1, kind: kind))
        }

        mutating func add(_ event: SagaEvent) throws {
            switch event {
            case .requested(let request):
                append(.started(type: SagaWorkflow.type, arguments: [try Payload(encoding: request)]))
            case .scheduled(let step):
                append(.activityScheduled(id: step.description, type: step.activity.name))
                places[step] = events.count
            case .completed(let step, let facts):
                let place = try place(of: step)
                append(.activityStarted(scheduled: place, attempt: 1))
                append(.activityCompleted(scheduled: place, result: [try Payload(encoding: Report(facts: facts))]))
            case .failed(let step, let failure):
                let place = try place(of: step)
                let report = Report(failures: [failure], failed: 1, mayHaveLanded: failure.mayHaveLanded)
                append(.activityStarted(scheduled: place, attempt: 1))
                append(
                    .activityFailed(
                        scheduled: place,
                        .application(
                            TemporalFailure.Application(
                                type: failure.code ?? "", message: failure.reason, isRetryable: false,
                                details: [try Payload(encoding: report)]))))
            case .cancelRequested: append(.cancelRequested)
            case .resumed, .finished: break
            }
        }

        mutating func cancel(_ step: SagaStep) throws {
            append(.activityCancelRequested(scheduled: try #require(places[step])))
        }

        private mutating func place(of step: SagaStep) throws -> Int {
            let place = places.removeValue(forKey: step)
            return try #require(place)
        }

        func command(_ command: SagaCommand) throws -> Commanded {
            switch command {
            case .schedule(let step): .activity(step.description)
            case .cancel(let step): .cancel(try #require(places[step]))
            case .finish(let outcome): .finish(succeeded: outcome == .succeeded)
            }
        }
    }

    /// What a command comes to, without timeouts and arguments.
    private enum Commanded: Hashable {
        case activity(String)
        case cancel(Int)
        case finish(succeeded: Bool)
        case other

        init(_ command: WorkflowCommand) throws {
            switch command {
            case .scheduleActivity(let order): self = .activity(order.id)
            case .cancelActivity(let place): self = .cancel(place)
            case .complete(let result):
                let payload = try #require(result.first)
                let outcome = try payload.decoded(IngestionResult.self).outcome
                self = .finish(succeeded: outcome == .succeeded)
            default: self = .other
            }
        }
    }

    /// Drives the embedded engine's decider by a script, and at each turn asks the workflow the same.
    private func compare(
        _ kind: IngestionRequest.Kind, cancelAfter: Int? = nil, _ ending: (SagaStep) -> SagaSimulation.Ending
    ) throws {
        var simulation = SagaSimulation(kind)
        var server = ServerHistory()
        var told = 0
        var turns = 0
        while simulation.outcome == nil {
            if turns == cancelAfter { simulation.cancel() }
            let before = simulation.cancelled
            let history = simulation.history
            for event in history[told...] { try server.add(event) }
            told = history.count
            var workflow = SagaWorkflow(taskQueue: "q", locksDocuments: false)
            for event in server.events { workflow.apply(event) }
            let wanted = simulation.saga.decide(history: history).filter { command in
                if case .cancel(let step) = command { return !before.contains(step) }
                return true
            }
            let own = try workflow.decide().map(Commanded.init)
            let expected = try wanted.map(server.command)
            #expect(own == expected, "turn \(turns)")
            try simulation.decide()
            for event in simulation.history[told...] { try server.add(event) }
            told = simulation.history.count
            for step in simulation.cancelled.subtracting(before) { try server.cancel(step) }
            guard simulation.outcome == nil else { return }
            simulation.end(simulation.underWay[0], ending(simulation.underWay[0]))
            turns += 1
            try #require(turns < 1000)
        }
    }

    @Test(arguments: IngestionRequest.Kind.allCases, [nil] + SagaTests.forward.map(Optional.some))
    func bothEnginesGiveTheSameCommands(kind: IngestionRequest.Kind, failing: SagaStep?) throws {
        for hasLanded in [false, true] {
            try compare(kind) { $0 == failing ? .fails(hasLanded: hasLanded) : .completes }
        }
    }

    @Test(arguments: IngestionRequest.Kind.allCases, 0..<18)
    func bothEnginesGiveTheSameCommandsOnceTheyAreCancelled(kind: IngestionRequest.Kind, turn: Int) throws {
        try compare(kind, cancelAfter: turn) { _ in .completes }
        try compare(kind, cancelAfter: turn) { step in
            if case .restore = step { return .completes }
            return step == .cleanUp ? .completes : .fails(hasLanded: true)
        }
    }

    // MARK: Histories of the Python SDK

    /// Histories that a worker on Temporal's Python SDK has written, with the same saga by hand.
    @Test(arguments: ["plain", "retried", "refused"])
    func aHistoryOfThePythonSDKLeadsToTheSameCommands(name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Histories/\(name).json")
        let events = try WorkflowEvent.history(json: Array(try Data(contentsOf: file)))
        var workflow = SagaWorkflow(taskQueue: "q", locksDocuments: false)
        var turns = 0
        for (index, event) in events.enumerated() {
            guard event.kind == .workflowTaskCompleted else {
                workflow.apply(event)
                continue
            }
            let commanded = events[(index + 1)...].prefix { event in
                switch event.kind {
                case .activityScheduled, .activityCancelRequested, .completed: true
                default: false
                }
            }
            let wanted = commanded.map { event in
                switch event.kind {
                case .activityScheduled(let id, _): "schedule \(id)"
                case .activityCancelRequested(let place): "cancel \(place)"
                default: "complete"
                }
            }
            let own = workflow.decide().map { command in
                switch command {
                case .scheduleActivity(let order): "schedule \(order.id)"
                case .cancelActivity(let place): "cancel \(place)"
                case .complete: "complete"
                default: "\(command)"
                }
            }
            #expect(Set(own) == Set(wanted), "event \(event.id)")
            turns += 1
        }
        #expect(turns > 8)
    }

    // MARK: The document's lock

    private func started(_ events: [WorkflowEvent.Kind] = []) throws -> SagaWorkflow {
        var workflow = SagaWorkflow(taskQueue: "q")
        let request = IngestionRequest(id: "1", document: "d", key: "k")
        let all = [.started(type: SagaWorkflow.type, arguments: [try Payload(encoding: request)])] + events
        for (index, kind) in all.enumerated() { workflow.apply(WorkflowEvent(id: index + 1, kind: kind)) }
        return workflow
    }

    @Test func nothingIsDoneBeforeTheDocumentIsLocked() throws {
        guard case .startChild(let lock)? = try started().decide().first else { throw Unexpected() }
        #expect(lock.workflow == "document/d")
        #expect(try started([.childInitiated(workflow: "document/d")]).decide().isEmpty)
        guard case .scheduleActivity(let order)? = try started([.childStarted(workflow: "document/d")]).decide().first
        else { throw Unexpected() }
        #expect(order.id == "download")
    }

    @Test func aDocumentThatIsLockedIsAskedForAgain() throws {
        let refused: [WorkflowEvent.Kind] = [
            .childInitiated(workflow: "document/d"), .childNotStarted(workflow: "document/d"),
        ]
        guard case .startTimer(let id, _)? = try started(refused).decide().first else { throw Unexpected() }
        #expect(try started(refused + [.timerStarted(id: id)]).decide().isEmpty)
        let fired = try started(refused + [.timerStarted(id: id), .timerFired(id: id)]).decide()
        guard case .startChild? = fired.first else { throw Unexpected() }
    }

    @Test func aSagaThatIsCancelledWhileItWaitsEndsWithoutTheLock() throws {
        let waiting = try started([.childInitiated(workflow: "document/d"), .cancelRequested])
        guard case .scheduleActivity(let order)? = waiting.decide().first else { throw Unexpected() }
        #expect(order.id == "clean-up")
    }

    @Test func anArgumentThatIsNoRequestFailsTheWorkflow() throws {
        var workflow = SagaWorkflow(taskQueue: "q")
        workflow.apply(
            WorkflowEvent(id: 1, kind: .started(type: SagaWorkflow.type, arguments: [try Payload(encoding: 1)])))
        guard case .fail(let failure)? = workflow.decide().first else { throw Unexpected() }
        #expect(failure.description.contains("ingestion request"))
    }

    @Test(arguments: SagaTests.forward + Store.allCases.map { .restore($0) } + [.cleanUp])
    func aStepIsKnownByItsDescription(step: SagaStep) {
        #expect(SagaStep(description: step.description) == step)
    }

    @Test(arguments: ["", "embed", "embed--1", "embed-x", "write-mysql"])
    func whatIsNoStepIsNone(text: String) {
        #expect(SagaStep(description: text) == nil)
    }

    struct Unexpected: Error {}
}
