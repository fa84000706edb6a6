import ArgumentParser
import Foundation
import Temporal

/// What a Temporal server can do at most: workflows of activities that do nothing. The benchmark compares the pipeline with it.
struct CeilingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "temporal-ceiling", abstract: "Measures workflows of no-op activities, as JSON.",
        shouldDisplay: false)

    @Option(help: "HOST:PORT of the server.")
    var address: String

    @Option(help: "How many workflows.")
    var workflows = 250

    @Option(help: "Activities in each, one after the other.")
    var activities = 13

    @Option(help: "Workflows under way at once.")
    var concurrency = 10

    func run() async throws {
        let command = self
        try await Failure.reported { try await command.measure() }
    }

    private func measure() async throws {
        guard let address = TemporalAddress(address) else {
            throw UsageError(description: "--address '\(address)' is not HOST:PORT")
        }
        let client = try TemporalClient(address)
        let queue = "ceiling-\(UUID().uuidString)"
        var options = TemporalWorker.Options(taskQueue: queue)
        options.activities = concurrency
        options.workflowTasks = concurrency
        let activities = activities
        let worker = TemporalWorker(
            client: try TemporalClient(address), options: options,
            work: TemporalWorker.Work(
                workflows: [NoOpWorkflow.type: { _ in NoOpWorkflow(activities: activities) }]
            ) { _, _ in .completed([]) })
        worker.start()
        let began = ContinuousClock.now
        let next = Counter(workflows)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<concurrency {
                group.addTask {
                    while let number = await next.take() {
                        let run = try await client.start(
                            WorkflowStart(type: NoOpWorkflow.type, id: "\(queue)/\(number)", taskQueue: queue))
                        _ = try await client.result(of: run)
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await worker.stop()
        try Console.json(["workflows": Double(workflows), "activities": Double(activities), "seconds": seconds])
    }

    private actor Counter {
        private var left: Int

        init(_ count: Int) { left = count }

        func take() -> Int? {
            guard left > 0 else { return nil }
            left -= 1
            return left
        }
    }
}
