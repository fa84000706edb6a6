import Foundation
import Temporal
import Testing

@Suite struct TemporalClientTests {
    private static let waiting: [String: @Sendable (WorkflowRun) -> any WorkflowDecider] = [
        "Waiting": { _ in Waiting() }
    ]

    /// Waits for the signal `end`.
    struct Waiting: WorkflowDecider {
        private var signals: [String] = []
        private var isCancelled = false

        mutating func apply(_ event: WorkflowEvent) {
            switch event.kind {
            case .signalled(let name, _): signals.append(name)
            case .cancelRequested: isCancelled = true
            default: break
            }
        }

        func decide() -> [WorkflowCommand] {
            if isCancelled { return [.cancelled] }
            return signals.contains("end") ? [.complete([.null])] : []
        }

        func answer(query: String, arguments: [Payload]) -> Payload? {
            query == "signals" ? try? Payload(encoding: signals) : nil
        }
    }

    @Test func aWorkflowIsStartedAskedSignalledAndRead() async throws {
        let place = try TemporalPlace()
        try await place.withWorker(workflows: Self.waiting) { _ in
            let run = try await place.start("Waiting")
            try await place.client.signal(run, "first", [try Payload(encoding: ["a": 1])])
            let signals = try await place.client.query(run, "signals").first?.decoded([String].self)
            #expect(signals == ["first"])
            let description = try await place.client.describe(run)
            #expect(description.status == .running)
            #expect(description.type == "Waiting")
            #expect(description.taskQueue == place.taskQueue)
            try await place.client.signal(run, "end")
            #expect(try await place.client.result(of: run) == .completed([.null]))
            let history = try await place.client.history(of: run)
            #expect(history.map(\.id) == Array(1...history.count))
            #expect(history.first?.kind == .started(type: "Waiting", arguments: []))
            #expect(history.last?.kind == .completed([.null]))
            #expect(try await place.client.describe(run).status == .completed)
        }
    }

    @Test func aQueryThatNobodyKnowsIsRefused() async throws {
        let place = try TemporalPlace()
        try await place.withWorker(workflows: Self.waiting) { _ in
            let run = try await place.start("Waiting")
            let error = await #expect(throws: TemporalError.self) { try await place.client.query(run, "nonsense") }
            #expect(error?.message.contains("nonsense") == true)
            try await place.client.terminate(run)
        }
    }

    @Test func workflowsAreListedAndCounted() async throws {
        let place = try TemporalPlace()
        let prefix = place.id("listed")
        try await place.withWorker(workflows: Self.waiting) { _ in
            for number in 0..<3 { _ = try await place.start("Waiting", id: "\(prefix)-\(number)") }
            let query = "WorkflowId STARTS_WITH \"\(prefix)\""
            var found: [WorkflowDescription] = []
            // The server tells of what was started a moment later.
            while found.count < 3 { found = try await place.client.list(query) }
            #expect(Set(found.map(\.run.workflow)) == Set((0..<3).map { "\(prefix)-\($0)" }))
            #expect(try await place.client.count(query) == 3)
            for workflow in found { try await place.client.terminate(workflow.run, reason: "done") }
            #expect(try await place.client.result(of: found[0].run) == .terminated(reason: "done"))
        }
    }

    @Test func theSameIdJoinsWhatRunsAndIsRefusedOnceItHasEnded() async throws {
        let place = try TemporalPlace()
        try await place.withWorker(workflows: Self.waiting) { _ in
            let id = place.id("same")
            let first = try await place.start("Waiting", id: id)
            #expect(try await place.start("Waiting", id: id) == first)
            let refused = await #expect(throws: TemporalError.self) {
                try await place.start("Waiting", conflict: .refuse, id: id)
            }
            #expect(refused?.code == .alreadyExists)
            try await place.client.signal(first, "end")
            _ = try await place.client.result(of: first)
            let again = await #expect(throws: TemporalError.self) { try await place.start("Waiting", id: id) }
            #expect(again?.code == .alreadyExists)
            let second = try await place.start("Waiting", conflict: .refuse, id: id)
            #expect(second != first)
            try await place.client.terminate(second)
        }
    }

    @Test func aCancelledWorkflowEndsItself() async throws {
        let place = try TemporalPlace()
        try await place.withWorker(workflows: Self.waiting) { _ in
            let run = try await place.start("Waiting")
            try await place.client.cancel(run, reason: "enough")
            #expect(try await place.client.result(of: run) == .cancelled)
            // Nothing is wrong with being late.
            try await place.client.cancel(run)
            try await place.client.terminate(run)
        }
    }

    @Test func pollersOfATaskQueueAreKnown() async throws {
        let place = try TemporalPlace()
        #expect(try await place.client.pollers(of: place.taskQueue).isEmpty)
        try await place.withWorker(workflows: Self.waiting) { _ in
            var pollers: [TaskQueuePoller] = []
            while pollers.isEmpty { pollers = try await place.client.pollers(of: place.taskQueue) }
            #expect(pollers.first?.identity == TemporalClient.processIdentity)
        }
    }

    @Test func namespacesAreMadeAndFound() async throws {
        let place = try TemporalPlace()
        let name = place.id("namespace").lowercased()
        #expect(try await place.client.hasNamespace())
        #expect(try await !place.client.hasNamespace(name))
        try await place.client.registerNamespace(name)
        try await place.client.registerNamespace(name)
        #expect(try await place.client.hasNamespace(name))
        #expect(try await place.client.namespaces().contains(name))
    }

    @Test func aScheduleStartsItsWorkflow() async throws {
        let place = try TemporalPlace()
        let id = place.id("schedule")
        try await place.withWorker(workflows: ["Nothing": { _ in StepByStep([]) }]) { _ in
            var schedule = TemporalSchedule(
                id: id, times: [.every(.seconds(3600)), .cron("0 3 * * *")],
                start: WorkflowStart(type: "Nothing", id: place.id("scheduled"), taskQueue: place.taskQueue))
            schedule.note = "nightly"
            try await place.client.create(schedule)
            let taken = await #expect(throws: TemporalError.self) { try await place.client.create(schedule) }
            #expect(taken?.code == .alreadyExists)
            var told = try await place.client.schedule(id)
            #expect(!told.next.isEmpty && !told.isPaused && told.note == "nightly")
            try await place.client.trigger(schedule: id)
            while told.recent.isEmpty { told = try await place.client.schedule(id) }
            #expect(try await place.client.result(of: try #require(told.recent.first)) == .completed([]))
            try await place.client.pause(schedule: id, note: "holiday")
            while !told.isPaused { told = try await place.client.schedule(id) }
            try await place.client.resume(schedule: id, note: "back")
            while told.isPaused { told = try await place.client.schedule(id) }
            var listed: [String] = []
            while !listed.contains(id) { listed = try await place.client.schedules() }
            try await place.client.delete(schedule: id)
            let gone = await #expect(throws: TemporalError.self) { try await place.client.schedule(id) }
            #expect(gone?.code == .notFound)
        }
    }

    @Test func noServerIsSaidAtOnce() async throws {
        let client = try TemporalClient(TemporalAddress(host: "127.0.0.1", port: 1))
        let error = await #expect(throws: TemporalError.self) { try await client.serverVersion() }
        #expect(error?.code == .unavailable)
        client.abort()
    }
}
