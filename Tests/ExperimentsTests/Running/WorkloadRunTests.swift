import Consistency
import Experiments
import Faults
import Foundation
import Ingestion
import Proxy
import Stack
import Stores
import Testing
import Wire

/// Whole runs with submissions of every kind, against the native stack.
@Suite(.serialized) struct WorkloadRunTests {
    private static let everyKind =
        "{ ingest: 40%, re-ingest: 20%, delete: 10%, duplicate: 10%, concurrent: 20% }"

    private func run(
        _ text: String, submissions: String, documents: Int = 10, change: (inout Runner) -> Void = { _ in }
    ) async throws -> RunResult {
        let experiment = try TemporaryFolder.with { folder in
            let path = folder + "/e.yaml"
            let head =
                "name: e\ntitle: E\nworkload: { documents: \(documents), concurrency: 5, size: 416B..2KiB, "
                + "submissions: \(submissions) }\n"
            try Data((head + text).utf8).write(to: URL(fileURLWithPath: path))
            return try Experiment.read(path, root: folder)
        }
        let path = NSTemporaryDirectory() + "faultline-run-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let system = try System.reference(endpoints: try NativeStack.current().endpoints)
        var runner = Runner(system: system, seed: 5, historyPath: path)
        change(&runner)
        return try await runner.run(experiment)
    }

    /// Rows that are there already are an error to this worker, and so the former ones can never be put back either.
    @Test(.timeLimit(.minutes(2))) func anUndoThatNeverEndsDoesNotKeepTheRun() async throws {
        let result = try await run("", submissions: "{ re-ingest: 100% }", documents: 2) { runner in
            runner.defects = [.plainInsert]
            runner.standstillWithin = .seconds(3)
            runner.healedWithin = .seconds(1)
            runner.settleWithin = .seconds(1)
        }
        #expect(result.verdict == .violated)
        #expect(
            result.ruling.reasons.contains(
                "the workload stood still: no document was done within 3.0 seconds, and was healed and then given up"),
            "\(result.ruling.reasons)")
        #expect(result.counts.unknown == 2)
    }

    @Test func everyKindOfSubmissionHolds() async throws {
        let result = try await run("expect:\n  - documents: { succeed: all }\n", submissions: Self.everyKind)
        #expect(result.verdict == .held, "\(result.ruling.reasons)")
        let kinds = result.world.submissions.filter { !$0.isBaseline }.map(\.kind)
        #expect(kinds.count == 10)
        #expect(Set(kinds) == [.ingest, .reingest, .delete, .duplicate])
        let former = try #require(result.world.former[.postgres])
        #expect(former.values.allSatisfy { !$0.isEmpty })
    }

    @Test func everyMessageOfTheWorkloadBelongsToADocument() async throws {
        let result = try await run("", submissions: Self.everyKind)
        for link in ["s3", "openai", "postgres", "neo4j", "qdrant", "redis"] {
            #expect(result.traffic.requests[link, default: 0] > 0)
            #expect(result.traffic.attributed[link] == result.traffic.requests[link])
        }
    }

    @Test func twoAtOnceOverlapAndEndInOneOfTheirVersions() async throws {
        let result = try await run("", submissions: "{ concurrent: 100% }")
        #expect(result.verdict == .held, "\(result.ruling.reasons)")
        let documents = Dictionary(grouping: result.world.submissions.filter { !$0.isBaseline }, by: \.document)
        #expect(documents.count == 5)
        #expect(
            documents.values.contains { pair in
                pair.count == 2 && pair[0].began! < pair[1].ended! && pair[1].began! < pair[0].ended!
            })
    }

    @Test func aStoreThatIsDownRollsAllBackAndFormerVersionsStay() async throws {
        let down = """
            faults:
              - { name: down, on: neo4j, inject: refuse }
              - { name: cut, on: neo4j, inject: reset }
            expect:
              - documents: { roll-back: all }

            """
        let result = try await run(down, submissions: "{ ingest: 40%, re-ingest: 40%, delete: 20% }")
        #expect(result.verdict == .held, "\(result.ruling.reasons)")
        #expect(result.counts.rolledBack == 10)
        #expect(
            result.judgement.findings.contains { entry in
                entry.invariant == "restored" && entry.finding == .holds(checked: 6)
            })
    }
}

/// Lanes are lent and given back.
@Suite struct LeftoversTests {
    @Test func nothingIsLeftOfARunThatEnded() async throws {
        let folder = NSTemporaryDirectory() + "faultline-leftovers-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let history = folder + "-history"
        defer { try? FileManager.default.removeItem(atPath: history) }
        let system = try System.reference(endpoints: try NativeStack.current().endpoints)
        var runner = Runner(system: system, seed: 1, historyPath: history)
        runner.leftovers = Leftovers(folder: folder)
        runner.entering = { phase in
            let notes = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            #expect(notes.count == (phase == .preparing ? 0 : 1))
        }
        let experiment = Experiment(name: "e", title: "E", workload: Workload(documents: 1, size: 416...1024))
        _ = try await runner.run(experiment)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }

    @Test func theNextRunDeletesWhatAKilledOneLeft() async throws {
        let folder = NSTemporaryDirectory() + "faultline-leftovers-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let endpoints = try NativeStack.current().endpoints
        let token = "run-\(UUID().uuidString.lowercased())"
        let redis = RedisClient(endpoint: endpoints.redis, connections: 1)
        _ = try await redis.command(["HSET", "document:\(token)/a.txt", "digest", "x"])
        let s3 = S3Client(endpoint: endpoints.s3, http: HTTPClient())
        try await s3.createBucket("faultline-\(token)")
        let note = """
            {"token": "\(token)", "bucket": "faultline-\(token)", "temporaryFolder": "/nonexistent",
             "documents": ["\(token)/a.txt"], "owner": {"id": 1, "startTime": 1}, "boot": "another"}
            """
        try Data(note.utf8).write(to: URL(fileURLWithPath: folder + "/\(token).json"))

        let history = folder + "-history"
        defer { try? FileManager.default.removeItem(atPath: history) }
        var runner = Runner(system: try System.reference(endpoints: endpoints), seed: 1, historyPath: history)
        runner.leftovers = Leftovers(folder: folder)
        let result = try await runner.run(
            Experiment(name: "e", title: "E", workload: Workload(documents: 1, size: 416...1024)))
        #expect(result.notes.contains { $0.contains(token) })
        #expect(try await redis.command(["EXISTS", "document:\(token)/a.txt"]).integer == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        await #expect(throws: StoreError.self) { _ = try await s3.listObjects(bucket: "faultline-\(token)") }
    }
}
