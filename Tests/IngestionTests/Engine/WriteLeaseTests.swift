import Consistency
import Foundation
import Ingestion
import Stores
import Synchronization
import Testing
import Wire

/// A worker that stood still for too long, before the real stores.
@Suite(.serialized)
struct WriteLeaseTests {
    private let document = ProcessedDocument(
        id: "", title: "Late", sourceKey: "", contentType: nil, digest: SHA256.hex("late"),
        chunks: (0..<70).map { Chunk(ordinal: $0, text: "\($0)", digest: SHA256.hex("\($0)")) },
        vectors: (0..<70).map { _ in Array(repeating: 0.5, count: QdrantWriter.dimensions) }, entities: [])

    @Test func withoutItsLeaseAWorkerChangesNothing() async throws {
        try await Workplace.with { place in
            var (there, late) = (document, document)
            (there.id, late.id) = ("\(place.bucket)/there", "\(place.bucket)/late")
            for writer in SnapshotTests.Writers(place.endpoints).all {
                try await writer.prepare()
                try await writer.write(there)
                let before = try await place.footprints(of: [there.id])[writer.store]
                await WriteLease.$current.withValue(WriteLease { false }) {
                    let write = await #expect(throws: IngestionError.self, "\(writer.store)") {
                        try await writer.write(late)
                    }
                    let removal = await #expect(throws: IngestionError.self, "\(writer.store)") {
                        try await writer.remove(document: there.id)
                    }
                    #expect(write?.kind == .leaseLost)
                    #expect(removal?.kind == .leaseLost)
                }
                #expect(try await writer.stored(document: late.id) == nil, "\(writer.store)")
                #expect(try await place.footprints(of: [there.id])[writer.store] == before, "\(writer.store)")
            }
            try await FootprintEraser(endpoints: place.endpoints).erase(documents: [there.id, late.id])
        }
    }

    /// Of 70 points the first request has 64.
    @Test func betweenTwoRequestsItIsNoticed() async throws {
        try await Workplace.with { place in
            var late = document
            late.id = "\(place.bucket)/half"
            let writer = QdrantWriter(client: QdrantClient(endpoint: place.endpoints.qdrant, http: HTTPClient()))
            try await writer.prepare()
            let looks = Mutex(0)
            let held: @Sendable () -> Bool = {
                looks.withLock { looks in
                    looks += 1
                    return looks == 1
                }
            }
            await WriteLease.$current.withValue(WriteLease(held)) {
                _ = await #expect(throws: IngestionError.self) { try await writer.write(late) }
            }
            #expect(try await writer.stored(document: late.id)?.chunks.count == 64)
            try await writer.remove(document: late.id)
        }
    }
}
