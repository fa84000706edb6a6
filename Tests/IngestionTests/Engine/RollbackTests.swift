import Consistency
import Ingestion
import Stores
import Testing

/// The whole saga against real stores, one of which is not there.
@Suite(.serialized)
struct RollbackTests {
    /// The worker's configuration with one store that refuses every connection: port 9 (discard) has no server.
    private func without(_ store: Store, _ place: Workplace) -> WorkerConfiguration {
        var configuration = place.configuration
        switch store {
        case .postgres: configuration.endpoints.postgres = "postgresql://app@127.0.0.1:9/app"
        case .neo4j: configuration.endpoints.neo4j = "bolt://127.0.0.1:9"
        case .qdrant: configuration.endpoints.qdrant = "http://127.0.0.1:9"
        case .redis: configuration.endpoints.redis = "redis://127.0.0.1:9/0"
        }
        configuration.policies.snapshot.retry = RetryPolicy(
            attempts: 2, first: .milliseconds(1), cap: .milliseconds(1))
        return configuration
    }

    @Test(arguments: Store.allCases)
    func aReIngestionWithoutAStoreLeavesTheFormerVersionWhole(store: Store) async throws {
        try await Workplace.with { place in
            let corpus = Corpus(seed: 31)
            let first = try await place.upload(corpus.document(index: 0, format: .md, size: 9_000, revision: 0))
            #expect(await place.worker().perform(first).succeeded)
            let before = try await place.footprints(of: [first.document])
            let second = try await place.upload(corpus.document(index: 0, format: .md, size: 3_000, revision: 1))
            let result = await place.worker(without(store, place)).perform(second)
            guard case .rolledBack(let failures) = result.outcome else {
                Issue.record("\(result)")
                return
            }
            #expect(failures.map(\.service) == [store.rawValue])
            #expect(Self.sets(try await place.footprints(of: [first.document])) == Self.sets(before))
        }
    }

    @Test func aDeletionWithoutAStoreLeavesTheDocumentWhole() async throws {
        try await Workplace.with { place in
            let request = try await place.upload(Corpus(seed: 32).document(index: 0, format: .txt, size: 6_000))
            #expect(await place.worker().perform(request).succeeded)
            let before = try await place.footprints(of: [request.document])
            let result = await place.worker(without(.qdrant, place)).perform(
                IngestionRequest(id: "\(request.id)-delete", kind: .delete, document: request.document))
            #expect(!result.succeeded)
            #expect(Self.sets(try await place.footprints(of: [request.document])) == Self.sets(before))
        }
    }

    /// Defects do what they say: the former version does not stand there again.
    @Test(arguments: [Defect.noCompensation, .deleteInsteadOfRestore, .compensationRegisteredAfterWrite])
    func defectsLeaveDamage(defect: Defect) async throws {
        try await Workplace.with { place in
            let corpus = Corpus(seed: 33)
            let first = try await place.upload(corpus.document(index: 0, format: .md, size: 9_000, revision: 0))
            #expect(await place.worker().perform(first).succeeded)
            let before = try await place.footprints(of: [first.document])
            let second = try await place.upload(corpus.document(index: 0, format: .md, size: 3_000, revision: 1))
            var configuration = without(.redis, place)
            configuration.policies.write.retry = configuration.policies.snapshot.retry
            let result = await place.worker(configuration, defects: [defect]).perform(second)
            #expect(!result.succeeded)
            #expect(Self.sets(try await place.footprints(of: [first.document])) != Self.sets(before))
        }
    }

    /// A transaction that its worker gave up, and that commits after the undo: the undo has waited for it.
    @Test func anUndoWaitsForAnAbandonedPostgresTransaction() async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/abandoned"
            let client = PostgresClient(endpoint: place.endpoints.postgres, connections: 2)
            let writer = PostgresWriter(client: client)
            try await writer.prepare()
            let (holds, release) = (Gate(), Gate())
            async let abandoned: Void = client.transaction { transaction in
                _ = try await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [id])
                _ = try await transaction.query("INSERT INTO documents (id, digest) VALUES ($1, 'late')", [id])
                holds.open()
                await release.wait()
            }
            await holds.wait()
            async let undo: Void = writer.remove(document: id)
            let other = PostgresClient(endpoint: place.endpoints.postgres, connections: 1)
            // Until the undo waits for the lock.
            while try await other.query(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
                    + "AND objid = (hashtextextended($1, 0) & 4294967295)::oid", [id]
            ).scalar != "1" { await Task.yield() }
            release.open()
            try await abandoned
            try await undo
            #expect(try await writer.stored(document: id) == nil)
        }
    }

    /// The same on Bolt: who commits second fails, or waits.
    @Test(arguments: [false, true])
    func anAbandonedBoltTransactionDoesNotLandAfterItsUndo(isKnown: Bool) async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/abandoned"
            let client = BoltClient(endpoint: place.endpoints.neo4j, connections: 3)
            let writer = Neo4jWriter(client: client)
            try await writer.prepare()
            let document = ProcessedDocument(
                id: id, title: "", sourceKey: id, contentType: nil, digest: "late", chunks: [], vectors: [],
                entities: [])
            if isKnown {
                try await writer.write(document)
                try await writer.remove(document: id)
            }
            let (holds, release) = (Gate(), Gate())
            async let abandoned: Bool = {
                do {
                    try await client.transaction { transaction in
                        try await writer.write(document, in: transaction)
                        holds.open()
                        await release.wait()
                    }
                    return true
                } catch {
                    return false
                }
            }()
            await holds.wait()
            try await writer.remove(document: id)
            release.open()
            #expect(await abandoned == false)
            #expect(try await writer.stored(document: id) == nil)
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    private static func sets(_ stores: [Store: [Footprint]]) -> [Store: [Set<Record>]] {
        stores.mapValues { $0.map { Set($0.records) } }
    }
}
