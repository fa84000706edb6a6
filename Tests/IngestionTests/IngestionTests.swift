import Consistency
import Foundation
import Ingestion
import Stores
import Testing

/// The reference worker against real servers.
@Suite(.serialized)
struct IngestionTests {
    /// All four stores hold exactly this version, and agree.
    private func expectLanded(
        _ document: CorpusDocument, _ result: IngestionResult, _ stores: [Store: [Footprint]], at index: Int
    ) throws {
        #expect(result.succeeded, "\(result.reason ?? "")")
        let digest = SHA256.hex(document.bytes)
        #expect(result.digest == digest)
        let footprints = stores.mapValues { $0[index] }
        let expected = Set((0..<result.chunks).map(String.init))
        let chunks = footprints.mapValues { $0.records(of: .chunk) }
        for store in Store.allCases {
            let found = try #require(chunks[store])
            #expect(found.count == result.chunks, "\(store) \(document.name)")
            #expect(Set(found.map(\.key)) == expected, "\(store) \(document.name)")
        }
        #expect(Set(chunks[.postgres]!.map(\.digest)).count > 0)
        for store in [Store.neo4j, .qdrant] { #expect(Set(chunks[store]!) == Set(chunks[.postgres]!)) }
        for store in [Store.postgres, .neo4j, .redis] {
            #expect(footprints[store]!.records(of: .document).map(\.digest) == [digest], "\(store) \(document.name)")
        }
        let entities = footprints[.postgres]!.records(of: .entity)
        #expect(entities.count == result.entities)
        #expect(Set(entities) == Set(footprints[.neo4j]!.records(of: .entity)))
        #expect(footprints[.neo4j]!.records(of: .entity).count == result.entities)
    }

    @Test func twentyMixedDocumentsLandInAllFourStores() async throws {
        try await Workplace.with { place in
            let documents = Corpus(seed: 11).mix(
                documents: 20, formats: DocumentFormat.allCases, sizes: 416...65_536)
            var requests: [IngestionRequest] = []
            for document in documents { requests.append(try await place.upload(document)) }
            let results = await place.worker().perform(requests)
            #expect(results.map(\.document) == requests.map(\.document))
            let stores = try await place.footprints(of: requests.map(\.document))
            for (index, document) in documents.enumerated() {
                try expectLanded(document, results[index], stores, at: index)
            }
            #expect(results.allSatisfy { $0.chunks > 0 } && results.contains { $0.chunks > 50 })
            #expect(results.contains { $0.entities > 5 })
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == [])
        }
    }

    @Test(arguments: [DocumentFormat.md, .json])
    func ingestingLessContentAgainLeavesNothingStale(_ format: DocumentFormat) async throws {
        try await Workplace.with { place in
            let worker = place.worker()
            let corpus = Corpus(seed: 12)
            var counts: [Int] = []
            for (revision, size) in [40_000, 1_500, 9_000].enumerated() {
                let document = corpus.document(index: 0, format: format, size: size, revision: revision)
                let request = try await place.upload(document)
                let result = await worker.perform(request)
                try expectLanded(document, result, try await place.footprints(of: [request.document]), at: 0)
                counts.append(result.chunks)
            }
            #expect(counts[0] > counts[2] && counts[2] > counts[1])
        }
    }

    @Test func theSameAgainChangesNothing() async throws {
        try await Workplace.with { place in
            let worker = place.worker()
            let document = Corpus(seed: 13).document(index: 0, format: .txt, size: 5_000)
            let request = try await place.upload(document)
            let results = await worker.perform(
                (0..<4).map {
                    IngestionRequest(id: "\(request.id)-\($0)", document: request.document, key: request.key)
                })
            let stores = try await place.footprints(of: [request.document])
            for result in results { try expectLanded(document, result, stores, at: 0) }
        }
    }

    @Test func deletingLeavesNothing() async throws {
        try await Workplace.with { place in
            let worker = place.worker()
            let corpus = Corpus(seed: 14)
            var requests: [IngestionRequest] = []
            for index in 0..<6 {
                requests.append(
                    try await place.upload(corpus.document(index: index, format: .txt, size: 4_000)))
            }
            let ingested = await worker.perform(requests)
            #expect(ingested.allSatisfy { $0.succeeded })
            let deleted = await worker.perform(
                requests.map { IngestionRequest(id: "\($0.id)-delete", kind: .delete, document: $0.document) })
            #expect(deleted.allSatisfy { $0.succeeded }, "\(deleted.compactMap(\.reason))")
            let stores = try await place.footprints(of: requests.map(\.document))
            #expect(stores.values.joined().allSatisfy { $0.isEmpty })
        }
    }

    /// The users' recorded bug, and the worker that does not have it.
    @Test func theDefectFailsDocumentsWithoutContentType() async throws {
        try await Workplace.with { place in
            let document = Corpus(seed: 15).document(index: 0, format: .md, size: 2_000)
            let request = try await place.upload(document, contentType: nil)
            let defective = await place.worker(defects: [.noExtensionFallback]).perform(request)
            guard case .rolledBack(let failures) = defective.outcome else {
                Issue.record("not failed: \(defective)")
                return
            }
            #expect(failures.map(\.code) == ["UnsupportedFormat"])
            #expect(failures[0].activity == .parse)
            #expect(failures[0].service == nil)
            #expect(defective.reason?.contains("has no extension") == true)
            #expect(defective.attempts == ["download": 1, "parse": 1, "clean-up": 1])
            #expect(defective.written == [])
            let typed = try await place.upload(document)
            #expect(
                await place.worker(defects: [.noExtensionFallback])
                    .perform(typed).succeeded)
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == [])
            let untyped = try await place.upload(document, contentType: nil)
            #expect(await place.worker().perform(untyped).succeeded)
        }
    }

    @Test func aMissingObjectIsPermanent() async throws {
        try await Workplace.with { place in
            let result = await place.worker()
                .perform(IngestionRequest(id: "none", document: "\(place.bucket)/none", key: "none.txt"))
            guard case .rolledBack(let failures) = result.outcome else {
                Issue.record("not failed: \(result)")
                return
            }
            #expect(failures.map(\.code) == ["NoSuchKey"])
            #expect(failures.map(\.service) == ["s3"])
            #expect(result.attempts == ["download": 1, "clean-up": 1])
        }
    }

    @Test func aStoreThatIsDownFailsTheDocumentAndIsNamed() async throws {
        try await Workplace.with { place in
            var configuration = place.configuration
            // Port 9 (discard) has no server.
            configuration.endpoints.redis = "redis://127.0.0.1:9/0"
            configuration.policies.snapshot.retry = RetryPolicy(
                attempts: 3, first: .milliseconds(1), cap: .milliseconds(1))
            let document = Corpus(seed: 16).document(index: 0, format: .txt, size: 2_000)
            let result = await place.worker(configuration).perform(try await place.upload(document))
            guard case .rolledBack(let failures) = result.outcome else {
                Issue.record("not failed: \(result)")
                return
            }
            #expect(failures.map(\.activity) == [.snapshot(.redis)])
            #expect(failures.map(\.service) == ["redis"])
            #expect(result.attempts["snapshot-redis"] == 3)
            #expect(result.failures.count == 3)
            #expect(result.written == [])
            for store in ["postgres", "neo4j", "qdrant"] {
                #expect(result.attempts["write-\(store)"] != nil)
                #expect(result.attempts["restore-\(store)"] != nil)
            }
            let left = try await place.footprints(of: [result.document])
            #expect(left.values.joined().allSatisfy { $0.isEmpty }, "\(left)")
        }
    }

    @Test func aDocumentOfFiveMegabytesLands() async throws {
        try await Workplace.with { place in
            let document = Corpus(seed: 17).document(index: 0, format: .txt, size: Corpus.sizes.upperBound)
            let request = try await place.upload(document)
            let result = await place.worker().perform(request)
            try expectLanded(document, result, try await place.footprints(of: [request.document]), at: 0)
            #expect(result.chunks > 5_000)
        }
    }

    @Test func workersCreateAFreshSchemaTogether() async throws {
        try await Workplace.with { place in
            let name = "fresh_\(UUID().uuidString.lowercased().filter { $0 != "-" })"
            let admin = PostgresClient(endpoint: place.endpoints.postgres, connections: 1)
            _ = try await admin.query("CREATE DATABASE \(name)")
            let slash = try #require(place.endpoints.postgres.lastIndex(of: "/"))
            let endpoint = String(place.endpoints.postgres[...slash]) + name
            let clients = (0..<8).map { _ in PostgresClient(endpoint: endpoint, connections: 1) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in clients {
                    group.addTask { try await PostgresWriter(client: client).prepare() }
                }
                try await group.waitForAll()
            }
            let tables = try await clients[0].query(
                "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
            #expect(tables.scalar == "4")
            for client in clients { client.close() }
            _ = try await admin.query("DROP DATABASE \(name) WITH (FORCE)")
        }
    }
}
