import Consistency
import Experiments
import Faults
import Foundation
import Ingestion
import Proxy
import Stack
import Testing
import Wire

/// The reference worker on Temporal is killed before and after each call of one saga in turn, a run each.
@Suite(.serialized) struct WorkerKilledAtEachCallTests {
    enum Scenario: String, CaseIterable, CustomTestStringConvertible {
        case ingested
        case rolledBack = "rolled back"

        var testDescription: String { rawValue }

        /// The fault under which all is undone.
        var faults: String {
            switch self {
            case .ingested: ""
            case .rolledBack:
                "  - { name: refused, on: redis, when: { operation: EXEC }, inject: permanent-error }\n"
            }
        }

        var expectation: String {
            switch self {
            case .ingested: "{ succeed: all }"
            case .rolledBack: "{ roll-back: all }"
            }
        }

        /// Where all is gone, others must be there to be looked at.
        var baseline: String {
            switch self {
            case .ingested: "baseline: none, "
            case .rolledBack: ""
            }
        }
    }

    /// The nth message on a link, a request or an answer.
    private struct Point: Hashable, Sendable, CustomStringConvertible {
        var link: String
        var nth: Int
        var stage: ProcessTarget.Stage
        var operation: String

        var description: String { "\(stage.rawValue) \(operation), \(nth) on \(link)" }
        var fault: String {
            """
              - name: killed
                process: worker
                at: { on: \(link), stage: \(stage.rawValue), nth: \(nth) }
                inject: { kill: { restart-after: 50ms } }

            """
        }
    }

    private struct Outcome: Sendable {
        var point: Point
        var struck: Int
        var reasons: [String]
    }

    /// Most of a run is waiting for the heartbeat of a dead worker to be missed.
    private static let runsAtOnce = 8
    /// `FAULTLINE_KILLS=all` strikes at each point, not at each third.
    private static let step = ProcessInfo.processInfo.environment["FAULTLINE_KILLS"] == "all" ? 1 : 3

    @Test(arguments: Scenario.allCases)
    func theDocumentIsWholeOrGone(_ scenario: Scenario) async throws {
        let all = try await points(of: scenario)
        try #require(all.count > 20)
        let points = stride(from: 0, to: all.count, by: Self.step).map { all[$0] }
        var left = points[...]
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            var outcomes: [Outcome] = []
            func add() {
                guard let point = left.popFirst() else { return }
                group.addTask { try await kill(at: point, in: scenario) }
            }
            for _ in 0..<Self.runsAtOnce { add() }
            for try await outcome in group {
                outcomes.append(outcome)
                add()
            }
            return outcomes
        }
        for outcome in outcomes {
            #expect(outcome.reasons == [], "\(outcome.point)")
            #expect(outcome.struck == 1, "\(outcome.point)")
        }
        #expect(Set(outcomes.map(\.point)) == Set(points))
        print("killed at \(points.count) of \(all.count) points: \(scenario)")
    }

    /// The calls of a saga that nobody disturbs; of one that is undone, those from the failure on.
    private func points(of scenario: Scenario) async throws -> [Point] {
        try await TemporaryFolder.with { folder in
            let result = try await run(scenario, "", folder)
            try #require(result.ruling.reasons == [])
            let began = try #require(result.workload?.lowerBound)
            var counts: [String: Int] = [:]
            var points: [Point] = []
            var isOn = scenario == .ingested
            try WireHistory.forEach(in: folder + "/history") { event in
                guard event.kind == .message, event.direction == .request, event.link != "temporal",
                    event.time >= began
                else { return }
                guard event.window == 0 else {
                    // What the other fault answers never comes to the one that kills.
                    isOn = true
                    return
                }
                counts[event.link, default: 0] += 1
                guard isOn else { return }
                for stage in [ProcessTarget.Stage.received, .forwarded] {
                    points.append(
                        Point(
                            link: event.link, nth: counts[event.link] ?? 0, stage: stage, operation: event.operation))
                }
            }
            return points
        }
    }

    private func kill(at point: Point, in scenario: Scenario) async throws -> Outcome {
        try await TemporaryFolder.with { folder in
            let result = try await run(scenario, point.fault, folder)
            let strike = try #require(result.strikes.last)
            return Outcome(point: point, struck: strike.struck, reasons: result.ruling.reasons)
        }
    }

    private func run(_ scenario: Scenario, _ fault: String, _ folder: String) async throws -> RunResult {
        let faults = scenario.faults + fault
        let text = """
            name: e
            title: E
            workload: { documents: 1, concurrency: 1, \(scenario.baseline)formats: [md], size: 2KiB }
            expect:
              - documents: \(scenario.expectation)

            """ + (faults.isEmpty ? "" : "faults:\n\(faults)")
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/e.yaml"))
        let experiment = try Experiment.read(folder + "/e.yaml", root: folder)
        let endpoints = try NativeStack.current().endpoints
        let system = try System.reference(endpoints: endpoints, engine: .temporal)
        return try await Runner(system: system, seed: 7, historyPath: folder + "/history").run(experiment)
    }
}
