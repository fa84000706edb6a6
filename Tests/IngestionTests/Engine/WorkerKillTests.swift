import Consistency
import Foundation
import Ingestion
import Stores
import Subprocess
import SystemPackage
import Testing

/// The worker as a process, killed again and again in the middle of its work.
@Suite(.serialized)
struct WorkerKillTests {
    private static let program: String = {
        let environment = ProcessInfo.processInfo.environment["FAULTLINE_BINARY"]
        if let environment, !environment.isEmpty { return environment }
        let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return ((tests as NSString).deletingLastPathComponent as NSString).appendingPathComponent("faultline")
    }()

    /// `FAULTLINE_KILL_SEEDS=20` runs as many.
    static let seeds: Range<UInt64> = {
        let wanted = ProcessInfo.processInfo.environment["FAULTLINE_KILL_SEEDS"].flatMap { UInt64($0) }
        return 0..<(wanted ?? 2)
    }()

    private struct Answer: Decodable {
        var id: String?
        var document: String?
        var result: String?
        var error: String?
    }

    private static let documents = 50

    @Test(arguments: seeds)
    func whateverMomentItIsKilledEveryDocumentIsWholeOrGone(seed: UInt64) async throws {
        try await Workplace.with { place in
            let journal = "\(place.folder)-journal"
            var random = SplitMix64(seed: seed, "kill")
            let corpus = Corpus(seed: 40 + seed)
            var digests: [String: String] = [:]
            var submissions: [IngestionRequest] = []
            for index in 0..<Self.documents {
                let document = corpus.document(
                    index: index, format: DocumentFormat.allCases[index % DocumentFormat.allCases.count], size: 1_500)
                let request = try await place.upload(document)
                digests[request.document] = SHA256.hex(document.bytes)
                submissions.append(request)
            }
            var results: [String: String] = [:]
            var rounds = 0
            while results.count < Self.documents {
                let open = submissions.filter { results[$0.id] == nil }
                // The last rounds are left alone, so that the test ends.
                let after = rounds < 4 ? 1 + random.below(open.count * 12) : Int.max
                for answer in try await run(open, journal, place, killAfter: after) {
                    let id = try #require(answer.id, "\(answer)")
                    if answer.result != "unknown" { results[id] = answer.result }
                }
                // A worker that ended before it was killed proves nothing.
                if rounds == 0 { #expect(results.count < Self.documents) }
                rounds += 1
                try #require(rounds < 10)
            }
            #expect(Set(results.values).isSubset(of: ["succeeded", "rolled-back"]))
            #expect(results.values.contains("succeeded"))
            #expect(SagaJournal(folder: journal).unfinished == 0)
            let found = try await place.footprints(of: submissions.map(\.document))
            for (index, submission) in submissions.enumerated() {
                let stores = found.mapValues { $0[index] }
                switch results[submission.id] {
                case "succeeded":
                    for store in [Store.postgres, .neo4j, .redis] {
                        let digest = stores[store]!.records(of: .document).map(\.digest)
                        #expect(digest == [digests[submission.document]], "\(store) \(submission.document)")
                    }
                    let chunks = stores.mapValues { Set($0.records(of: .chunk)) }
                    #expect(!chunks[.postgres]!.isEmpty)
                    for store in [Store.neo4j, .qdrant, .redis] { #expect(chunks[store] == chunks[.postgres]) }
                default:
                    #expect(stores.values.allSatisfy { $0.isEmpty }, "\(submission.document) \(stores)")
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == [])
            let kept = try? FileManager.default.contentsOfDirectory(atPath: "\(journal)/snapshots")
            #expect(kept ?? [] == [])
        }
    }

    @Test func aWorkerThatIsToldToEndUndoesWhatIsUnderWay() async throws {
        try await Workplace.with { place in
            let corpus = Corpus(seed: 60)
            var submissions: [IngestionRequest] = []
            for index in 0..<30 {
                submissions.append(
                    try await place.upload(corpus.document(index: index, format: .txt, size: 1_500)))
            }
            let journal = "\(place.folder)-journal"
            let answers = try await run(submissions, journal, place, killAfter: 400, with: .terminate)
            #expect(SagaJournal(folder: journal).unfinished == 0)
            let results = Dictionary(uniqueKeysWithValues: answers.map { ($0.document, $0.result) })
            #expect(results.values.contains("succeeded") && results.values.contains("rolled-back"), "\(results)")
            let found = try await place.footprints(of: submissions.map(\.document))
            for (index, submission) in submissions.enumerated() {
                let isThere = results[submission.document] == "succeeded"
                for (store, footprints) in found {
                    #expect(footprints[index].isEmpty != isThere, "\(store) \(submission.document)")
                }
            }
        }
    }

    @Test func badLinesAreAnsweredAndLoseNothing() async throws {
        try await Workplace.with { place in
            let request = try await place.upload(Corpus(seed: 50).document(index: 0, format: .txt, size: 1_000))
            let lines = [
                "nonsense", "{\"id\":\"1\",\"kind\":\"ingest\",\"key\":\"k\"}", "",
                "{\"id\":\"1\",\"document\":\"d\",\"kind\":\"move\"}", Self.line(request),
            ]
            let answers = try await run(
                lines.joined(separator: "\n"), "\(place.folder)-journal", place, killAfter: .max)
            #expect(answers.compactMap(\.error).count == 3)
            #expect(answers.compactMap(\.error)[0] == "line 1: not a JSON object")
            #expect(answers.compactMap(\.error)[1] == "line 2: \"document\" is missing")
            #expect(answers.compactMap(\.error)[2].hasPrefix("line 4: \"kind\" is \"move\""))
            #expect(answers.filter { $0.id == request.id }.map(\.result) == ["succeeded"])
        }
    }

    private func run(
        _ submissions: [IngestionRequest], _ journal: String, _ place: Workplace, killAfter events: Int,
        with signal: Signal = .kill
    ) async throws -> [Answer] {
        try await run(
            submissions.map(Self.line).joined(separator: "\n"), journal, place, killAfter: events, with: signal)
    }

    private static func line(_ request: IngestionRequest) -> String {
        "{\"id\":\"\(request.id)\",\"kind\":\"ingest\",\"document\":\"\(request.document)\",\"key\":\"\(request.key)\"}"
    }

    /// - Parameter killAfter: this many further events in the journal.
    private func run(
        _ lines: String, _ journal: String, _ place: Workplace, killAfter events: Int, with signal: Signal = .kill
    ) async throws -> [Answer] {
        let before = Self.events(journal)
        let result = try await Subprocess.run(
            .path(FilePath(Self.program)),
            arguments: ["worker", "--journal", journal, "--concurrency", "8"],
            environment: .inherit.updating(try environment(place)), input: .string(lines + "\n"),
            output: .string(limit: 4 << 20), error: .string(limit: 1 << 20)
        ) { execution in
            guard events < .max else { return }
            while Self.events(journal) - before < events {
                // One that has ended already is a zombie until this returns.
                let status = try String(
                    contentsOfFile: "/proc/\(execution.processIdentifier.value)/stat", encoding: .utf8)
                if status.contains(") Z ") { return }
                try await Task.sleep(for: .milliseconds(1))
            }
            try execution.send(signal: signal)
        }
        return try result.standardOutput.split(separator: "\n").compactMap { line in
            // The last line of a killed process may be torn.
            guard line.hasSuffix("}") else { return nil }
            return try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
        }
    }

    private static func events(_ journal: String) -> Int {
        ["open", "done"].reduce(0) { sum, folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(journal)/\(folder)")) ?? []
            return names.reduce(sum) { sum, name in
                let content = FileManager.default.contents(atPath: "\(journal)/\(folder)/\(name)") ?? Data()
                return sum + content.count { $0 == UInt8(ascii: "\n") }
            }
        }
    }

    private func environment(_ place: Workplace) throws -> [Environment.Key: String?] {
        let postgres = try #require(URLComponents(string: place.endpoints.postgres))
        let neo4j = try #require(URLComponents(string: place.endpoints.neo4j))
        let qdrant = try #require(URLComponents(string: place.endpoints.qdrant))
        let redis = try #require(URLComponents(string: place.endpoints.redis))
        return [
            "POSTGRES_HOST": postgres.host, "POSTGRES_PORT": postgres.port.map(String.init),
            "POSTGRES_USER": postgres.user, "POSTGRES_PASSWORD": postgres.password,
            "POSTGRES_DB": String(postgres.path.dropFirst()),
            "NEO4J_URI": "bolt://\(neo4j.host ?? ""):\(neo4j.port ?? 7687)", "NEO4J_USER": neo4j.user,
            "NEO4J_PASSWORD": neo4j.password, "NEO4J_DATABASE": String(neo4j.path.dropFirst()),
            "QDRANT_HOST": qdrant.host, "QDRANT_PORT": qdrant.port.map(String.init), "REDIS_HOST": redis.host,
            "REDIS_PORT": redis.port.map(String.init), "REDIS_PASSWORD": redis.password,
            "REDIS_DB": String(redis.path.dropFirst()), "S3_ENDPOINT_URL": place.endpoints.s3,
            "OPENAI_BASE_URL": place.endpoints.openai, "APEX_DOCUMENTS_BUCKET": place.bucket,
            "STAGING_BASE_DIR": place.folder,
        ]
    }
}
