import Consistency
import Ingestion
import Stores
import Testing

/// Planted defects do what they say, against real stores where that is what shows it.
struct DefectTests {
    private struct Chunks: Equatable {
        var keys: [Int]

        init(_ footprints: [Footprint]) {
            keys = footprints[0].records(of: .chunk).compactMap { Int($0.key) }.sorted()
        }
    }

    private func document(_ id: String, chunks: Int, version: Int = 1) -> ProcessedDocument {
        let texts = (0..<chunks).map { "\(version) \($0)" }
        return ProcessedDocument(
            id: id, title: "t", sourceKey: id, contentType: nil, digest: SHA256.hex("\(version)"),
            chunks: texts.enumerated().map { Chunk(ordinal: $0, text: $1, digest: SHA256.hex($1)) },
            vectors: texts.indices.map { index in
                (0..<QdrantWriter.dimensions).map { Float(($0 * 31 + index) % 17) - 8 }
            }, entities: [])
    }

    @Test(arguments: [Defect?.none, .insertInsteadOfUpsert])
    func aWriteRepeatedAfterOneThatLanded(defect: Defect?) async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/twice"
            let behaviour = WorkerBehaviour(defects: defect.map { [$0] } ?? [])
            let activities = Activities(configuration: place.configuration, behaviour: behaviour)
            for _ in 0..<2 { try await activities.write(document(id, chunks: 3), to: .qdrant) }
            let found = Chunks(try await place.footprints(of: [id])[.qdrant]!)
            #expect(found.keys == (defect == nil ? [0, 1, 2] : [0, 0, 1, 1, 2, 2]))
            try await activities.write(document(id, chunks: 2, version: 2), to: .qdrant)
            #expect(Chunks(try await place.footprints(of: [id])[.qdrant]!).keys == [0, 1])
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    @Test(arguments: [Defect?.none, .staleChunksLeft], [Store.postgres, .neo4j, .qdrant])
    func aShorterVersion(defect: Defect?, store: Store) async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/shorter"
            let behaviour = WorkerBehaviour(defects: defect.map { [$0] } ?? [])
            let activities = Activities(configuration: place.configuration, behaviour: behaviour)
            try await activities.write(document(id, chunks: 5), to: store)
            try await activities.write(document(id, chunks: 2, version: 2), to: store)
            let found = Chunks(try await place.footprints(of: [id])[store]!)
            #expect(found.keys == (defect == nil ? [0, 1] : [0, 1, 2, 3, 4]))
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    /// The number of the try in the ids shows only once there is a second try.
    @Test func pointIDsWithTheNumberOfTheTry() async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/tries"
            let behaviour = WorkerBehaviour(defects: [.tryInPointIDs])
            let activities = Activities(configuration: place.configuration, behaviour: behaviour)
            try await activities.write(document(id, chunks: 3), to: .qdrant)
            #expect(Chunks(try await place.footprints(of: [id])[.qdrant]!).keys == [0, 1, 2])
            try await activities.write(document(id, chunks: 3), to: .qdrant)
            #expect(Chunks(try await place.footprints(of: [id])[.qdrant]!).keys == [0, 0, 1, 1, 2, 2])
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    @Test func aPlainInsertMeetsItsOwnRows() async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/plain"
            let behaviour = WorkerBehaviour(defects: [.plainInsert])
            let activities = Activities(configuration: place.configuration, behaviour: behaviour)
            try await activities.write(document(id, chunks: 3), to: .postgres)
            let error = await #expect(throws: StoreError.self) {
                try await activities.write(document(id, chunks: 3), to: .postgres)
            }
            #expect(error?.code == "23505" && error?.isTransient == false)
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    @Test func createMeetsItsOwnNodes() async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/created"
            let behaviour = WorkerBehaviour(defects: [.createInsteadOfMerge])
            let activities = Activities(configuration: place.configuration, behaviour: behaviour)
            try await activities.write(document(id, chunks: 3), to: .neo4j)
            let error = await #expect(throws: StoreError.self) {
                try await activities.write(document(id, chunks: 3), to: .neo4j)
            }
            #expect(error?.isTransient == false, "\(error as Any)")
            #expect(Chunks(try await place.footprints(of: [id])[.neo4j]!).keys == [0, 1, 2])
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    /// A write that was marked, and whose answer was lost.
    @Test(arguments: [Defect?.none, .markMeansWritten])
    func aMarkStandsAlready(defect: Defect?) async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/marked"
            let client = RedisClient(endpoint: place.endpoints.redis)
            _ = try await client.command("SET", RedisWriter.markKey(id), "former try", "EX", "60")
            let behaviour = WorkerBehaviour(defects: Set([defect].compactMap(\.self)))
            let activities = Activities(configuration: place.configuration, behaviour: behaviour)
            try await activities.write(document(id, chunks: 3), to: .redis)
            let found = Chunks(try await place.footprints(of: [id])[.redis]!)
            #expect(found.keys == (defect == nil ? [0, 1, 2] : []))
            #expect(try await client.command("EXISTS", RedisWriter.markKey(id)).integer == (defect == nil ? 0 : 1))
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
            #expect(try await client.command("EXISTS", RedisWriter.markKey(id)).integer == 0)
        }
    }

    @Test func errorsAreReadAsDefectsHaveIt() {
        func error(_ service: String, _ operation: String, _ code: String) -> StoreError {
            StoreError(
                service: service, operation: operation, outcome: .indefinite, isTransient: true, code: code,
                message: "")
        }
        func errors(_ defect: Defect?) -> ErrorReading {
            WorkerBehaviour(defects: Set([defect].compactMap(\.self))).errors
        }
        let lost = error("postgres", "COMMIT", StoreError.Code.connectionLost)
        let deadlock = error("postgres", "INSERT", "40P01")
        #expect(errors(nil).read(lost) == lost && !errors(nil).isDone(lost))
        #expect(errors(nil).read(deadlock).isTransient)
        #expect(errors(.commitErrorSwallowed).isDone(lost) && !errors(.commitErrorSwallowed).isDone(deadlock))
        #expect(errors(.successBeforeCommit).isDone(lost) && !errors(.successBeforeCommit).isDone(deadlock))
        let rolledBack = errors(.commitErrorMeansRolledBack).read(lost)
        #expect(rolledBack.outcome == .definite && !rolledBack.isTransient)
        #expect(errors(.commitErrorMeansRolledBack).read(deadlock) == deadlock)
        #expect(!errors(.deadlockNotRetried).read(deadlock).isTransient)
        #expect(errors(.fullServerNotRetried).read(deadlock).isTransient)
        #expect(!errors(.fullServerNotRetried).read(error("postgres", "BEGIN", "53300")).isTransient)

        let unanswered = error("redis", "EXEC", StoreError.Code.connectionLost)
        let graph = error("neo4j", "COMMIT", StoreError.Code.connectionLost)
        #expect(errors(nil).read(unanswered) == unanswered && !errors(nil).isDone(unanswered))
        #expect(errors(nil).read(graph) == graph && !errors(nil).isDone(graph))
        #expect(errors(.execNotLookedAt).isDone(unanswered) && !errors(.execNotLookedAt).isDone(graph))
        #expect(errors(.graphCommitSwallowed).isDone(graph) && !errors(.graphCommitSwallowed).isDone(lost))
        for (defect, error) in [(Defect.execErrorMeansDiscarded, unanswered), (.incompleteCommitIsFailure, graph)] {
            #expect(errors(defect).read(error).outcome == .definite && !errors(defect).read(error).isTransient)
            #expect(errors(defect).read(lost) == lost)
        }
        let pipeline = errors(.cacheWithoutMulti).read(error("redis", "pipeline", StoreError.Code.connectionLost))
        #expect(pipeline.outcome == .definite && pipeline.isTransient)

        let full = error("redis", "EXEC", "OOM")
        #expect(errors(nil).read(full).retryAfter == .milliseconds(250) && !errors(nil).isDone(full))
        #expect(errors(.overloadRetriedAtOnce).read(full).retryAfter == nil)
        #expect(errors(.cacheErrorIgnored).isDone(full))
        let loading = error("redis", "HGETALL", "LOADING")
        #expect(errors(.loadingIsMiss).isMiss(loading) && !errors(nil).isMiss(loading))
        #expect(!errors(.busyNotRetried).read(error("redis", "SET", "BUSY")).isTransient)
    }

    @Test func limitsOfImpatientAndEndlessWorkers() {
        let configuration = WorkerConfiguration(
            endpoints: Endpoints(postgres: "", neo4j: "", qdrant: "", redis: "", s3: "", openai: ""), bucket: "")
        func changed(_ defect: Defect) -> WorkerConfiguration {
            WorkerBehaviour(defects: [defect]).changed(configuration)
        }
        #expect(WorkerBehaviour().changed(configuration) == configuration)
        #expect(changed(.noTimeout).callTimeout == .seconds(600))
        #expect(changed(.noTimeout).policies.embed.startToClose == nil)
        #expect(changed(.noTimeout).policies.embed.scheduleToClose == nil)
        #expect(changed(.noRetry).policies.download.retry.attempts == 1)
        #expect(changed(.noRetry).policies.restore == configuration.policies.restore)
        #expect(
            changed(.retryAfterIgnored).policies.embed.retry.wait(
                afterFailed: 1, retryAfter: .seconds(9), chance: 0)! < .seconds(1))
        #expect(
            changed(.retryAfterMisread).policies.embed.retry.wait(
                afterFailed: 1, retryAfter: .seconds(9), chance: 0)! < .seconds(1))
        #expect(changed(.compensationNotRetried).policies.restore.retry.attempts == 1)
        #expect(changed(.compensationNotRetried).policies.restore.outlastsRefusals)
        #expect(changed(.refusedUndoGivenUp).policies.restore.retry == configuration.policies.restore.retry)
        #expect(!changed(.refusedUndoGivenUp).policies.restore.outlastsRefusals)
    }
}
