import Consistency
import Experiments
import Foundation
import Ingestion
import Proxy
import Stack
import Testing

/// Faults that strike processes, in whole runs against the native stack.
@Suite(.serialized) struct ProcessFaultTests {
    @Test(arguments: ["received", "forwarded", "answered"])
    func theWorkerThatSentTheMessageIsKilledAndStartedAgain(stage: String) async throws {
        let system = try WorkerSystem()
        let result = try await system.run(
            """
            faults:
              - process: writer
                at: { on: redis, operation: HSET, stage: \(stage), nth: 2 }
                inject: { kill: { restart-after: 100ms } }
            expect:
              - documents: { succeed: all }
              - fired: { fault: kill of writer, at-least: 1 }
            """)
        #expect(result.ruling.reasons == [])
        #expect(result.strikes.map(\.struck) == [1])
        #expect(result.strikes.map(\.link) == ["writer"])
        #expect(result.faultsFired == 1)
        #expect(system.starts.sorted() == [1, 2])
        #expect(system.alive == [])
        // The lane whose process was started twice is the one whose message it was.
        let killed = try #require(system.starts.firstIndex(of: 2))
        #expect(result.spans.map(\.process) == ["writer-\(killed)"])
        let struck = try system.messages().filter { $0.window == 1 }
        #expect(struck.map(\.lane) == (stage == "answered" ? [] : [killed]))
    }

    @Test func oneThatIsNotStartedAgainBeforeTheHealingIsThen() async throws {
        let system = try WorkerSystem()
        let result = try await system.run(
            """
            faults:
              - process: writer
                which: 2
                at: { on: redis, operation: HSET, stage: answered, nth: 4 }
                inject: kill
            """)
        #expect(result.strikes.map(\.struck) == [1])
        #expect(system.starts == [1, 2])
        #expect(system.alive == [])
    }

    @Test func aPausedOneGoesOn() async throws {
        let system = try WorkerSystem()
        let result = try await system.run(
            """
            faults:
              - process: writer
                which: all
                at: { on: redis, operation: HSET, stage: forwarded, nth: 2 }
                for: 300ms
                inject: pause
            expect:
              - documents: { succeed: all }
            """)
        #expect(result.ruling.reasons == [])
        #expect(result.strikes.map(\.struck) == [2])
        #expect(system.starts == [1, 1])
        #expect(result.spans.compactMap(\.process).sorted() == ["writer-0", "writer-1"])
        #expect(result.spans.allSatisfy { $0.to - $0.from >= 300_000_000 })
    }

    @Test func oneIsRestarted() async throws {
        let system = try WorkerSystem()
        let result = try await system.run(
            """
            faults:
              - process: writer
                at: { on: redis, operation: HSET, nth: 2 }
                inject: restart
            expect:
              - documents: { succeed: all }
            """)
        #expect(result.ruling.reasons == [])
        #expect(result.strikes.map(\.struck) == [1])
        #expect(system.starts.sorted() == [1, 2])
    }

    @Test func oneThatNeverFiresProvesNothing() async throws {
        let system = try WorkerSystem()
        let result = try await system.run(
            "faults:\n  - { process: writer, at: { on: redis, operation: HSET, nth: 1000 }, inject: kill }")
        #expect(result.verdict == .inconclusive)
        #expect(
            result.ruling.reasons.first
                == "the fault 'kill of writer' never struck: 6 messages matched, none was the one it waits for")
        let late = try await system.run("faults:\n  - { process: writer, from: 1h, inject: kill }")
        #expect(
            late.ruling.reasons.first
                == "the fault 'kill of writer' never struck: it never opened, as what it waits for never happened")
    }

    @Test(arguments: ["postgres", "redis", "qdrant", "neo4j", "openai"])
    func aServiceThatWasKilledHasItsDataAndItsPorts(name: String) async throws {
        let stack = try NativeStack.current()
        let before = try #require(try stack.state()[name])
        let operations = [
            "postgres": "COMMIT", "redis": "EXEC", "qdrant": "UpsertPoints", "neo4j": "COMMIT", "openai": "embeddings",
        ]
        let result = try await run(
            "{ documents: 4, concurrency: 2, size: 416B..2KiB, formats: [txt] }",
            """
              - process: \(name)
                at: { on: \(name), operation: \(operations[name] ?? ""), stage: forwarded, nth: 2 }
                inject: { kill: { restart-after: 100ms } }
            """)
        #expect(result.ruling.reasons == [])
        #expect(result.strikes.map(\.struck) == [1])
        let after = try #require(try stack.state()[name])
        #expect(after.process != before.process && after.process?.isAlive == true)
        #expect(after.ports == before.ports)
        #expect(try await stack.reports().filter { $0.service == name }.map(\.state) == [.healthy])
    }

    /// The next COMMIT may come before it is seen that the service runs again.
    @Test func oneThatIsOnItsWayBackIsStruckWhenItIsThere() async throws {
        let result = try await run(
            "{ documents: 2, concurrency: 1, size: 416B..2KiB, formats: [txt] }",
            [2, 3, 4].map { number in
                """
                  - process: postgres
                    at: { on: postgres, operation: COMMIT, nth: \(number) }
                    inject: { kill: { restart-after: 1ms } }

                """
            }.joined())
        #expect(result.ruling.reasons == [])
        #expect(result.strikes.map(\.struck) == [1, 1, 1])
    }

    /// PostgreSQL's processes would tell their clients when they see the first of them die, and the COMMIT have an answer.
    @Test func oneThatIsKilledSaysNoGoodbye() async throws {
        let result = try await run(
            "{ documents: 2, concurrency: 1, size: 416B..2KiB, formats: [txt] }",
            """
              - process: postgres
                at: { on: postgres, operation: COMMIT, nth: 2 }
                inject: { kill: { restart-after: 100ms } }
            """, defects: [.commitErrorSwallowed])
        #expect(result.strikes.map(\.struck) == [1])
        #expect(result.verdict == .violated)
    }

    /// The reference worker on the native stack.
    private func run(_ workload: String, _ faults: String, defects: Set<Defect> = []) async throws -> RunResult {
        let folder = try ScratchFolder()
        let text = "name: e\ntitle: E\nworkload: \(workload)\nfaults:\n\(faults)\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/e.yaml"))
        let experiment = try Experiment.read(folder.path + "/e.yaml", root: folder.path)
        let system = try System.reference(endpoints: try NativeStack.current().endpoints)
        var runner = Runner(system: system, seed: 7, historyPath: folder.path + "/history")
        runner.defects = defects
        return try await runner.run(experiment)
    }
}
