import Consistency
import Foundation
import Ingestion
import Stores
import Testing
import Wire

/// Undo against the real stores: what stood there stands there again, as footprints see it.
@Suite(.serialized)
struct SnapshotTests {
    struct Writers {
        var all: [any StoreWriter]

        init(_ endpoints: Endpoints) {
            let http = HTTPClient()
            all = [
                PostgresWriter(client: PostgresClient(endpoint: endpoints.postgres, connections: 2)),
                Neo4jWriter(client: BoltClient(endpoint: endpoints.neo4j, connections: 2)),
                QdrantWriter(client: QdrantClient(endpoint: endpoints.qdrant, http: http)),
                RedisWriter(client: RedisClient(endpoint: endpoints.redis, connections: 2)),
            ]
        }
    }

    private func document(_ id: String, version: Int, chunks: Int, entities: [String]) -> ProcessedDocument {
        let texts = (0..<chunks).map { "\(version): chunk \($0) \"quoted\", {braced} and \\escaped — é" }
        return ProcessedDocument(
            id: id, title: "Version \(version)", sourceKey: id, contentType: version == 1 ? nil : "text/plain",
            digest: SHA256.hex("\(version)"),
            chunks: texts.enumerated().map { Chunk(ordinal: $0, text: $1, digest: SHA256.hex($1)) },
            vectors: texts.indices.map { index in
                (0..<QdrantWriter.dimensions).map { Float(sin(Double(version * 1000 + index * 7 + $0))) }
            },
            entities: entities.map { Entity(name: $0, kind: .person) })
    }

    @Test(arguments: [3, 700], [1, 650, 900])
    func theFormerVersionIsPutBack(former: Int, chunks: Int) async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/restored"
            let own = ["Alice \(place.bucket)", "Bob \(place.bucket)", "Shared \(place.bucket)"]
            let first = document(id, version: 1, chunks: former, entities: [own[0], own[2]])
            let second = document(id, version: 2, chunks: chunks, entities: [own[1], own[2]])
            for writer in Writers(place.endpoints).all {
                try await writer.prepare()
                #expect(try await writer.stored(document: id) == nil)
                try await writer.write(first)
                let before = try await place.footprints(of: [id])[writer.store]
                let stood = try #require(try await writer.stored(document: id))
                #expect(stood.digest == first.digest && stood.chunks.map(\.digest) == first.chunks.map(\.digest))
                try await writer.write(second)
                #expect(try await place.footprints(of: [id])[writer.store] != before, "\(writer.store)")
                try await writer.write(stood)
                let after = try await place.footprints(of: [id])[writer.store]
                #expect(after.map(sorted) == before.map(sorted), "\(writer.store)")
                let again = try #require(try await writer.stored(document: id))
                #expect(isSame(again, stood), "\(writer.store)")
            }
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    @Test func neo4jDeletesMoreChunksThanOneQueryDoes() async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/many"
            let writer = Neo4jWriter(client: BoltClient(endpoint: place.endpoints.neo4j, connections: 1))
            try await writer.prepare()
            var many = document(id, version: 1, chunks: 1, entities: [])
            many.chunks = (0..<4_500).map { Chunk(ordinal: $0, text: "", digest: "\($0)") }
            many.vectors = []
            try await writer.write(many)
            try await writer.write(document(id, version: 2, chunks: 7, entities: []))
            #expect(try await writer.stored(document: id)?.chunks.count == 7)
            try await writer.write(many)
            try await writer.remove(document: id)
            let left = try await place.footprints(of: [id])[.neo4j]
            #expect(left?.allSatisfy { $0.isEmpty } == true)
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    /// What another document's tie to an entity makes of its DELETE, and what no second try would mend.
    @Test func neo4jTriesTheDeleteOfATiedEntityAgain() async throws {
        try await Workplace.with { place in
            let id = "\(place.bucket)/tied"
            let client = BoltClient(endpoint: place.endpoints.neo4j, connections: 1)
            let writer = Neo4jWriter(client: client)
            try await writer.prepare()
            try await writer.write(document(id, version: 1, chunks: 1, entities: [id]))
            let tied = await #expect(throws: StoreError.self) {
                try await client.transaction { transaction in
                    _ = try await transaction.run("MATCH (e:Entity {name: $id}) DELETE e", ["id": .string(id)])
                }
            }
            #expect(tied.map(Neo4jWriter.passes) == true, "\(tied.debugDescription)")
            let wrong = await #expect(throws: StoreError.self) {
                try await client.transaction { transaction in _ = try await transaction.run("DELETE nothing") }
            }
            #expect(wrong.map(Neo4jWriter.passes) == false, "\(wrong.debugDescription)")
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [id])
        }
    }

    /// Qdrant keeps vectors normalised, so the last digit may differ.
    private func isSame(_ left: ProcessedDocument, _ right: ProcessedDocument) -> Bool {
        var (one, other) = (left, right)
        (one.vectors, other.vectors) = ([], [])
        let isClose = zip(left.vectors, right.vectors).allSatisfy { zip($0, $1).allSatisfy { abs($0 - $1) < 1e-5 } }
        return one == other && left.vectors.count == right.vectors.count && isClose
    }

    private func sorted(_ footprints: [Footprint]) -> [Set<Record>] { footprints.map { Set($0.records) } }
}
