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
        #expect(changed(.compensationNotRetried).policies.restore.retry.attempts == 1)
    }
}
