import Consistency
import Experiments
import Faults
import Foundation
import Ingestion
import Stack
import Stores
import Synchronization
import Testing
import Wire

/// Whole runs against the native stack.
@Suite(.serialized) struct RunnerTests {
    private static let missingHeader = """
        faults:
          - on: s3
            when: { operation: GetObject, direction: response }
            inject: { remove-header: { name: Content-Type } }
        """
    private static let allSucceed = "expect:\n  - documents: { succeed: all }\n  - retries: { on: s3, at-most: 0 }\n"

    private func experiment(_ rest: String, documents: Int = 6) throws -> Experiment {
        try TemporaryFolder.with { folder in
            let path = folder + "/e.yaml"
            let text =
                "name: e\ntitle: E\nworkload: { documents: \(documents), size: 416B..2KiB, formats: [txt, pdf] }\n"
            try Data((text + rest).utf8).write(to: URL(fileURLWithPath: path))
            return try Experiment.read(path, root: folder)
        }
    }

    private func run(
        _ experiment: Experiment, defects: Set<Defect> = [],
        entering: @escaping @Sendable (RunPhase) async throws -> Void = { _ in }
    ) async throws -> RunResult {
        let path = NSTemporaryDirectory() + "faultline-run-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let system = try System.reference(endpoints: try NativeStack.current().endpoints)
        var runner = Runner(system: system, seed: 7, historyPath: path)
        runner.defects = defects
        runner.entering = entering
        return try await runner.run(experiment)
    }

    /// What is left of a run in PostgreSQL, and whether its bucket is.
    private func leftovers(_ result: RunResult) async throws -> (documents: Int, hasBucket: Bool) {
        let endpoints = try NativeStack.current().endpoints
        let rows = try await PostgresClient(endpoint: endpoints.postgres, connections: 1).query(
            "SELECT count(*) FROM documents WHERE id LIKE $1", ["\(result.run)/%"]
        ).rows
        let s3 = S3Client(endpoint: endpoints.s3, http: HTTPClient())
        let hasBucket: Bool
        do throws(StoreError) {
            _ = try await s3.listObjects(bucket: "faultline-\(result.run)")
            hasBucket = true
        } catch {
            #expect(error.code == "NoSuchBucket")
            hasBucket = false
        }
        return (Int(rows[0][0] ?? "") ?? -1, hasBucket)
    }

    @Test func theCorrectWorkerHolds() async throws {
        let result = try await run(experiment("\(Self.missingHeader)\n\(Self.allSucceed)"))
        #expect(result.verdict == .held, "\(result.ruling.reasons)")
        #expect(result.ruling.reasons == [])
        #expect(result.counts.succeeded == 6)
        #expect(result.strikes.map(\.struck) == [6])
        #expect(result.world.links.allSatisfy { $0.messages > 0 })
        #expect(result.notes == [])
        let left = try await leftovers(result)
        #expect(left == (0, false))
    }

    @Test func theDefectIsFoundOutAndEveryLostDocumentNamed() async throws {
        let result = try await run(
            experiment("\(Self.missingHeader)\n\(Self.allSucceed)"), defects: [.noExtensionFallback])
        #expect(result.verdict == .violated)
        #expect(result.lost.count == 6)
        let lost = try #require(result.lost.first { $0.name == "document-0.txt" })
        #expect(lost.step == "parse")
        #expect(lost.code == "UnsupportedFormat")
        #expect(lost.struckBy == ["remove-header on s3"])
        let left = try await leftovers(result)
        #expect(left == (0, false))
    }

    @Test func aFaultThatNeverStrikesProvesNothing() async throws {
        let fault = Self.missingHeader.replacingOccurrences(of: "response }", with: "response, nth: 100000 }")
        let result = try await run(experiment("\(fault)\n\(Self.allSucceed)"))
        #expect(result.verdict == .inconclusive)
        #expect(
            result.ruling.reasons == [
                "the fault 'remove-header on s3' never struck: 6 messages matched, none was the one it waits for"
            ])
    }

    @Test func noDocumentProvesNothing() async throws {
        let workload = Workload(documents: 0)
        let result = try await run(Experiment(name: "empty", title: "Empty", workload: workload))
        #expect(result.verdict == .inconclusive)
        #expect(result.ruling.reasons.first == "no document was submitted")
    }

    @Test func aStoreThatCannotBeReadProvesNothing() async throws {
        let stack = try NativeStack.current()
        let result: RunResult
        do {
            result = try await run(experiment(Self.allSucceed)) { phase in
                if phase == .checking { try await stack.stop("postgres") }
                if phase == .cleaning { try await stack.start("postgres") }
            }
        } catch {
            try await stack.start("postgres")
            throw error
        }
        #expect(result.verdict == .inconclusive)
        let reason = try #require(result.ruling.reasons.first)
        #expect(reason.hasPrefix("postgres could not be read: postgres"), "\(reason)")
        #expect(reason.contains("atomic"))
        let left = try await leftovers(result)
        #expect(left == (0, false))
    }

    @Test func aSystemThatIsDownAtTheBaselineIsNotAccused() async throws {
        let stack = try NativeStack.current()
        let result: RunResult
        do {
            result = try await run(experiment(Self.allSucceed)) { phase in
                if phase == .baseline { try await stack.stop("openai") }
                if phase == .cleaning { try await stack.start("openai") }
            }
        } catch {
            try await stack.start("openai")
            throw error
        }
        #expect(result.verdict == .inconclusive)
        #expect(result.ruling.reasons.first?.hasPrefix("the baseline is unhealthy") == true)
        #expect(result.ruling.reasons.first?.contains("openai") == true)
    }

    @Test func aCancelledRunLeavesNothingBehind() async throws {
        let endpoints = try NativeStack.current().endpoints
        let postgres = PostgresClient(endpoint: endpoints.postgres, connections: 1)
        let count = "SELECT count(*) FROM documents WHERE id LIKE 'run-%'"
        let before = try await postgres.query(count).rows
        let experiment = try experiment("faults:\n  - { on: openai, inject: blackhole }\n")
        let (phases, entered) = AsyncStream.makeStream(of: RunPhase.self)
        let running = Task {
            try await run(experiment) { phase in entered.yield(phase) }
        }
        for await phase in phases {
            if phase == .workload { running.cancel() }
            if phase == .cleaning { break }
        }
        await #expect(throws: CancellationError.self) { _ = try await running.value }
        let after = try await postgres.query(count).rows
        #expect(after == before)
    }
}
