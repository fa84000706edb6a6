import Consistency
import Foundation
import Ingestion
import Testing

/// The journal on disk, and what is made of one that is damaged.
struct SagaJournalTests {
    private let request = IngestionRequest(id: "1", document: "d", key: "k")

    /// Leaves a saga in the journal whose worker was stopped during its writes.
    private func abandon(in folder: JournalFolder) async throws -> String {
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
        return try #require(try folder.openFiles().first)
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func eachEventIsALineOfJSONWithAChecksum() async throws {
        try await JournalFolder.with { folder in
            for line in try lines(try await abandon(in: folder)) {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                #expect(Set(object.keys) == ["sum", "event"])
            }
        }
    }

    @Test(arguments: [1, 10, 60])
    func aTornLastLineIsAsIfItHadNotBeenWritten(bytes: Int) async throws {
        try await JournalFolder.with { folder in
            let path = try await abandon(in: folder)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.dropLast(bytes).write(to: URL(fileURLWithPath: path))
            let results = await folder.worker(ScriptedSteps()).resume()
            #expect(results.map(\.outcome) == [.succeeded])
            #expect(folder.journal.unfinished == 0)
        }
    }

    @Test func aTornFirstLineIsNoSaga() async throws {
        try await JournalFolder.with { folder in
            let path = try await abandon(in: folder)
            try Data("{\"sum\":\"12".utf8).write(to: URL(fileURLWithPath: path))
            #expect(folder.journal.unfinished == 0)
            let worker = folder.worker(ScriptedSteps())
            #expect(await worker.resume() == [])
            #expect(await worker.perform(request).succeeded)
        }
    }

    @Test func aDamagedLineIsNeitherIgnoredNorGuessed() async throws {
        try await JournalFolder.with { folder in
            let path = try await abandon(in: folder)
            let damaged = try String(contentsOfFile: path, encoding: .utf8)
                .replacing("\"scheduled\"", with: "\"skipped\"", maxReplacements: 1)
            try Data(damaged.utf8).write(to: URL(fileURLWithPath: path))
            let steps = ScriptedSteps()
            let results = await folder.worker(steps).resume()
            #expect(results.map(\.id) == ["1"])
            #expect(results.first?.reason?.contains("line 2 is damaged") == true, "\(results)")
            guard case .unknown? = results.first?.outcome else {
                Issue.record("\(results)")
                return
            }
            // The document's next saga would build on what nobody knows.
            let next = await folder.worker(steps).perform(IngestionRequest(id: "2", document: "d", key: "k"))
            #expect(next.reason?.contains("line 2 is damaged") == true)
            guard case .rolledBack = next.outcome else {
                Issue.record("the next did nothing: \(next)")
                return
            }
            // What the damaged one did itself nobody knows, and it must not be said to be undone.
            let again = await folder.worker(steps).perform(request)
            guard case .unknown = again.outcome else {
                Issue.record("\(again)")
                return
            }
            #expect(steps.tried == [])
            #expect(folder.journal.unfinished == 1)
        }
    }

    @Test func aSagaThatSomebodyRunsIsLeftAlone() async throws {
        try await JournalFolder.with { folder in
            let (reached, gate) = (Gate(), Gate())
            let worker = folder.worker(
                ScriptedSteps { step, _ in
                    guard step == .parse else { return }
                    reached.open()
                    await gate.wait()
                })
            async let running = worker.perform(request)
            await reached.wait()
            let others = ScriptedSteps()
            #expect(folder.journal.unfinished == 1)
            #expect(await folder.worker(others).resume() == [])
            #expect(others.tried == [])
            gate.open()
            #expect(await running.succeeded)
        }
    }

    @Test func withoutAJournalNothingIsBegun() async throws {
        let steps = ScriptedSteps()
        let result = await JournalFolder(path: "/proc/none").worker(steps).perform(request)
        guard case .rolledBack(let failures) = result.outcome else {
            Issue.record("\(result)")
            return
        }
        #expect(failures.map(\.code) == ["Journal"])
        #expect(steps.tried == [])
    }
}
