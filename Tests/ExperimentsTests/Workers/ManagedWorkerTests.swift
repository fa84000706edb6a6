import Consistency
import Experiments
import Foundation
import Testing

/// Managed workers in whole runs against the native stack: their lives beside faults.
@Suite(.serialized) struct ManagedWorkerTests {
    @Test func oneForEachLaneIsStartedAndEnded() async throws {
        let system = try WorkerSystem()
        let result = try await system.run("expect:\n  - documents: { succeed: all }")
        #expect(result.ruling.reasons == [])
        #expect(result.counts.succeeded == 6)
        #expect(system.starts == [1, 1])
        #expect(system.alive == [])
        for lane in 0..<2 {
            #expect(system.log(lane).contains("lane \(lane) \(result.run) \(result.run)"))
        }
        #expect(result.notes == [])
    }

    @Test func oneThatEndsAtItsStartIsToldWithItsLastLines() async throws {
        let system = try WorkerSystem(
            workers: """
                workers:
                  - { name: writer, command: [sh, -c, "echo no such table; echo giving up >&2; exit 3"], ready: { line: never } }
                """)
        let result = try await system.run()
        #expect(result.verdict == .inconclusive)
        let reason = try #require(result.ruling.reasons.first)
        #expect(
            reason.hasPrefix(
                "the worker 'writer-0' ended before it was ready: exited with code 3; its last lines: no such table | giving up"
            ), "\(reason)")
        #expect(result.world.submissions.isEmpty)
    }

    @Test func aProgramThatIsNotThere() async throws {
        let system = try WorkerSystem(workers: "workers:\n  - { name: writer, command: [./none] }")
        let result = try await system.run()
        #expect(result.verdict == .inconclusive)
        #expect(
            result.ruling.reasons == [
                "the worker 'writer-0' cannot be started: there is no file \(system.folder)/none; paths in 'command' start from the folder of the system file"
            ])
        #expect(result.world.submissions.isEmpty)
    }

    @Test func oneThatIsNotReadyInTimeIsEnded() async throws {
        let system = try WorkerSystem(
            workers: """
                workers:
                  - name: writer
                    command: [sh, -c, "echo started $$; exec sleep 1000"]
                    ready: { file: "{ready-file}", within: 300ms }
                """)
        let reason = try #require(try await system.run().ruling.reasons.first)
        #expect(
            reason.hasPrefix("the worker 'writer-0' was not ready within 0.3 seconds; its last lines: started "),
            "\(reason)")
        #expect(system.alive == [])
    }

    /// Signals to the leader alone would leave the child.
    @Test func allThatCameOfOneEndsWithIt() async throws {
        let system = try WorkerSystem(
            workers: """
                workers:
                  - name: writer
                    command: [sh, -c, "(trap '' TERM; echo started $(sh -c 'echo $PPID'); sleep 1000) & echo started $$; echo up; wait"]
                    ready: { line: "u?" }
                    stop: { grace: 300ms }
                """)
        _ = try await system.run(documents: 0)
        #expect(system.log(0).count { $0.hasPrefix("started") } == 2)
        #expect(system.alive == [])
    }

    @Test func oneThatEndsInTheBaselineEndsTheRun() async throws {
        let system = try WorkerSystem(
            workers: """
                workers:
                  - name: writer
                    command: [python3, worker.py, "{lane}"]
                    env: { FOLDER: "${PWD}", REDIS: "{link.redis.port}", S3: "http://{link.s3}", RUN: x, DIE_AT: "1" }
                    count: per-lane
                    ready: { file: "{ready-file}" }
                """.replacing("${PWD}", with: "."))
        let result = try await system.run()
        #expect(result.verdict == .inconclusive)
        let reason = try #require(result.ruling.reasons.first)
        #expect(reason.hasPrefix("in the baseline, the worker 'writer-"), "\(reason)")
        #expect(reason.contains("ended by itself: exited with code 3; its last lines: "), "\(reason)")
        #expect(reason.contains("the disk is full"), "\(reason)")
    }

    /// It is gone before the baseline has found out that nothing was written.
    @Test func oneThatEndsAtOnceIsWhyTheBaselineIsUnhealthy() async throws {
        let system = try WorkerSystem(
            workers: """
                workers:
                  - { name: writer, command: [sh, -c, "echo no such table; exit 3"] }
                """, command: "[true]")
        let reason = try #require(try await system.run().ruling.reasons.first)
        #expect(
            reason.hasPrefix(
                "in the baseline, the worker 'writer-0' ended by itself: exited with code 3; its last lines: no such table"
            ),
            "\(reason)")
    }

    @Test(arguments: [true, false]) func oneThatEndsByItselfIsDoubted(restarts: Bool) async throws {
        let system = try WorkerSystem(worker: "    restart: \(restarts)\n    stop: { signal: SIGINT, grace: 5s }")
        // Each process has had one document in the baseline.
        let result = try await withEnvironment("DIE_AT", "3") { try await system.run() }
        let doubts = result.ruling.reasons.filter { $0.contains("ended by itself: exited with code 3") }
        #expect(!doubts.isEmpty, "\(result.ruling.reasons)")
        #expect(doubts.allSatisfy { $0.contains("the disk is full") })
        #expect(doubts.allSatisfy(result.notes.contains))
        #expect(result.verdict != .held)
        #expect((system.starts.reduce(0, +) > 2) == restarts)
        #expect(system.alive == [])
    }

    private func withEnvironment<Value>(_ name: String, _ value: String, _ body: () async throws -> Value) async throws
        -> Value
    {
        setenv(name, value, 1)
        defer { unsetenv(name) }
        return try await body()
    }
}
