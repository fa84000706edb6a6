import Stores
import Testing

@Suite struct QdrantClientTests {
    let servers: Servers
    let collection = Servers.unique("c")

    init() throws {
        servers = try Servers()
    }

    private func points(_ count: Int) -> [QdrantPoint] {
        (0..<count).map { number in
            QdrantPoint(
                id: UUIDv5.string("\(collection):\(number)"), vector: [Float(number) + 1, 1, 2, 3],
                payload: ["document": .string("d\(number % 3)"), "ordinal": .int(number)])
        }
    }

    @Test func pointsGoThereAndBack() async throws {
        let qdrant = servers.qdrant
        #expect(try await !qdrant.collectionExists(collection))
        try await qdrant.createCollection(collection, dimensions: 4)
        #expect(try await qdrant.collectionExists(collection))
        let points = points(25)
        try await qdrant.upsert(points, into: collection)
        try await qdrant.upsert(points, into: collection)
        #expect(try await qdrant.count(collection) == 25)
        #expect(try await qdrant.count(collection, filter: .match("document", "d1")) == 8)

        let all = try await qdrant.scroll(collection, pageSize: 7)
        #expect(Set(all.map(\.id)) == Set(points.map(\.id)))
        let some = try await qdrant.scroll(collection, filter: .match("document", anyOf: ["d0", "d2"]), pageSize: 7)
        #expect(some.count == 17)
        #expect(Set(some.compactMap { $0.payload["ordinal"]?.int }) == Set((0..<25).filter { $0 % 3 != 1 }))

        let found = try await qdrant.retrieve([points[3].id, UUIDv5.string("none")], from: collection)
        #expect(found.map(\.id) == [points[3].id])
        #expect(found[0].vector.count == 4)
        #expect(found[0].payload == points[3].payload)

        try await qdrant.delete(where: .match("document", "d1"), from: collection)
        try await qdrant.delete(ids: [points[0].id], from: collection)
        #expect(try await qdrant.count(collection) == 16)
        try await qdrant.deleteCollection(collection)
    }

    @Test func fiveMegabytesAtOnce() async throws {
        try await servers.qdrant.createCollection(collection, dimensions: 1536)
        let points = (0..<300).map { number in
            QdrantPoint(
                id: "\(number)", vector: (0..<1536).map { Float(sin: $0 + number) },
                payload: ["document": "d", "content": .string(String(repeating: "x", count: 1000))])
        }
        try await servers.qdrant.upsert(points, into: collection)
        #expect(try await servers.qdrant.scroll(collection, withVectors: true, pageSize: 100).count == 300)
        try await servers.qdrant.deleteCollection(collection)
    }

    @Test func errorsCarryTheServersWords() async throws {
        let error = try await failure { _ = try await servers.qdrant.count(collection) }
        #expect(error.code == "404")
        #expect(error.message.contains(collection))
        #expect(error.outcome == .definite)
        #expect(!error.isTransient)
    }

    @Test func overloadIsTransient() async throws {
        let server = CannedServer(
            status: "429 Too Many", headers: ["Retry-After: 3"], body: #"{"status":{"error":"busy"},"time":0}"#)
        defer { server.stop() }
        let qdrant = QdrantClient(endpoint: server.url, http: servers.http)
        let error = try await failure { _ = try await qdrant.count("c") }
        #expect(error.isTransient)
        #expect(error.retryAfter == .seconds(3))
        #expect(error.message.contains("busy"))
    }

    @Test func aPageThatRepeatsItselfIsRefused() async throws {
        let server = CannedServer(body: #"{"result":{"points":[],"next_page_offset":7},"status":"ok"}"#)
        defer { server.stop() }
        let qdrant = QdrantClient(endpoint: server.url, http: servers.http)
        #expect(try await failure { _ = try await qdrant.scroll("c") }.code == StoreError.Code.badAnswer)
    }
}

extension Float {
    /// Some number that fills all digits.
    fileprivate init(sin seed: Int) {
        self = Float(seed % 97) / 97 - 0.5
    }
}
