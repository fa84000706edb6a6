import Consistency
import Stores
import Testing
import Wire

/// The reference worker's schema, written by hand, read and erased.
@Suite struct FootprintTests {
    let servers: Servers
    /// A database of this test's own: its tables are named as the worker's.
    let database = Servers.unique("db")
    let endpoints: Endpoints
    let postgres: PostgresClient

    init() async throws {
        servers = try Servers()
        var endpoints = servers.endpoints
        endpoints.postgres = endpoints.postgres.replacing(/\/[^\/]*$/, with: "/\(database)")
        self.endpoints = endpoints
        postgres = PostgresClient(endpoint: endpoints.postgres, connections: 1)
        _ = try await servers.postgres.query("CREATE DATABASE \(database)")
    }

    private func dropDatabase() async throws {
        postgres.close()
        _ = try await servers.postgres.query("DROP DATABASE \(database) WITH (FORCE)")
    }

    private func makeTables() async throws {
        try await postgres.execute(
            """
            CREATE TABLE documents (id text PRIMARY KEY, title text, digest text NOT NULL, chunk_count int);
            CREATE TABLE chunks (document_id text, ordinal int, content text, digest text,
                PRIMARY KEY (document_id, ordinal));
            CREATE TABLE entities (name text PRIMARY KEY, type text);
            CREATE TABLE document_entities (document_id text, name text, PRIMARY KEY (document_id, name));
            """)
    }

    private func expected(
        _ document: String, entities: [String], withDocument: Bool = true, chunks: Int? = 2
    ) -> Set<Record> {
        var records: Set = [Record(kind: .chunk, key: "0", digest: "c0"), Record(kind: .chunk, key: "1", digest: "c1")]
        if withDocument { records.insert(Record(kind: .document, key: document, digest: "dd", chunks: chunks)) }
        for name in entities { records.insert(Record(kind: .entity, key: name)) }
        return records
    }

    @Test func postgres() async throws {
        try await makeTables()
        let (one, two, none) = (Servers.unique("doc"), Servers.unique("doc"), Servers.unique("doc"))
        try await postgres.execute(
            """
            INSERT INTO documents VALUES ('\(one)', 't', 'dd', 2), ('\(two)', 't', 'dd', 2);
            INSERT INTO chunks SELECT d, n, '', 'c' || n FROM unnest(ARRAY['\(one)', '\(two)', 'gone']) d,
                generate_series(0, 1) n;
            INSERT INTO entities VALUES ('shared'), ('own'), ('unmentioned');
            INSERT INTO document_entities VALUES ('\(one)', 'shared'), ('\(one)', 'own'), ('\(two)', 'shared');
            """)
        let reader = PostgresFootprints(client: postgres)
        let found = try await reader.footprints(of: [two, none, one])
        #expect(found.map(\.document) == [two, none, one])
        #expect(Set(found[0].records) == expected(two, entities: ["shared"]))
        #expect(found[1].isEmpty)
        #expect(Set(found[2].records) == expected(one, entities: ["shared", "own"]))
        let orphans = [
            Orphan(store: .postgres, document: "gone", kind: .chunk, key: "0"),
            Orphan(store: .postgres, document: "gone", kind: .chunk, key: "1"),
            Orphan(store: .postgres, kind: .entity, key: "unmentioned"),
        ]
        #expect(try await Set(reader.orphans()) == Set(orphans))

        let eraser = FootprintEraser(endpoints: endpoints)
        try await eraser.erase(documents: [one, none])
        try await eraser.erase(documents: [one, none])
        let left = try await reader.footprints(of: [one, two])
        #expect(left[0].isEmpty)
        #expect(Set(left[1].records) == expected(two, entities: ["shared"]))
        #expect(try await postgres.query("SELECT name FROM entities ORDER BY 1").rows == [["shared"], ["unmentioned"]])
        try await dropDatabase()
    }

    @Test func neo4j() async throws {
        let (one, two) = (Servers.unique("doc"), Servers.unique("doc"))
        let (shared, own, loose) = (Servers.unique("e"), Servers.unique("e"), Servers.unique("e"))
        for (document, entities) in [(one, [shared, own]), (two, [shared])] {
            _ = try await servers.neo4j.run(
                """
                CREATE (d:Document {id: $id, digest: 'dd', chunk_count: 2}) WITH d UNWIND [0, 1] AS n
                CREATE (d)-[:HAS_CHUNK]->(:Chunk {document_id: $id, ordinal: n, digest: 'c' + toString(n)})
                """, ["id": .string(document)])
            for name in entities {
                _ = try await servers.neo4j.run(
                    "MATCH (d:Document {id: $id}) MERGE (e:Entity {name: $name}) MERGE (d)-[:MENTIONS]->(e)",
                    ["id": .string(document), "name": .string(name)])
            }
        }
        _ = try await servers.neo4j.run("CREATE (:Entity {name: $name})", ["name": .string(loose)])
        let lost = Servers.unique("doc")
        _ = try await servers.neo4j.run(
            "CREATE (:Chunk {document_id: $id, ordinal: 7})", ["id": .string(lost)])

        let reader = Neo4jFootprints(client: servers.neo4j)
        let found = try await reader.footprints(of: [one, "none", two])
        #expect(Set(found[0].records) == expected(one, entities: [shared, own]))
        #expect(found[0].records.count == 5)
        #expect(found[1].isEmpty)
        #expect(Set(found[2].records) == expected(two, entities: [shared]))
        let orphans = try await reader.orphans()
        #expect(orphans.contains(Orphan(store: .neo4j, kind: .entity, key: loose)))
        #expect(orphans.contains(Orphan(store: .neo4j, document: lost, kind: .chunk, key: "7")))
        #expect(!orphans.contains { $0.key == shared || $0.document == one })

        try await makeTables()
        let eraser = FootprintEraser(endpoints: endpoints)
        try await eraser.erase(documents: [one])
        let left = try await reader.footprints(of: [one, two])
        #expect(left[0].isEmpty)
        #expect(Set(left[1].records) == expected(two, entities: [shared]))
        let names = try await servers.neo4j.run(
            "MATCH (e:Entity) WHERE e.name IN $names RETURN e.name", ["names": [.string(own), .string(shared)]])
        #expect(names.records == [[.string(shared)]])
        try await eraser.erase(documents: [two, lost])
        _ = try await servers.neo4j.run("MATCH (e:Entity {name: $name}) DELETE e", ["name": .string(loose)])
        try await dropDatabase()
    }

    @Test func qdrant() async throws {
        let collection = Servers.unique("c")
        try await servers.qdrant.createCollection(collection, dimensions: 2)
        let points = ["one", "two", "three"].flatMap { document in
            (0..<2).map { ordinal in
                QdrantPoint(
                    id: UUIDv5.string("\(document):\(ordinal)"), vector: [1, 2],
                    payload: [
                        "document_id": .string(document), "ordinal": .int(ordinal), "digest": .string("c\(ordinal)"),
                    ])
            }
        }
        try await servers.qdrant.upsert(points, into: collection)
        let reader = QdrantFootprints(
            client: servers.qdrant,
            queries: .init(
                chunk: .init(collection: collection, document: "document_id", key: "ordinal", digest: "digest")))
        let found = try await reader.footprints(of: ["two", "none", "one"])
        #expect(Set(found[0].records) == expected("two", entities: [], withDocument: false))
        #expect(found[1].isEmpty)
        #expect(found[2].records.count == 2)
        try await servers.qdrant.deleteCollection(collection)
    }

    @Test func redis() async throws {
        let (one, none) = (Servers.unique("doc"), Servers.unique("doc"))
        _ = try await servers.redis.transaction([
            ["HSET", "document:\(one)", "digest", "dd", "title", "t"],
            ["HSET", "document:\(one):chunks", "0", "c0", "1", "c1"],
        ])
        let reader = RedisFootprints(client: servers.redis)
        let found = try await reader.footprints(of: [one, none])
        #expect(Set(found[0].records) == expected(one, entities: [], chunks: nil))
        #expect(found[1].isEmpty)

        try await FootprintEraser(endpoints: endpoints).erase(documents: [one])
        #expect(try await reader.footprints(of: [one])[0].isEmpty)
        try await dropDatabase()
    }

    @Test func redisLayoutsOfOtherSchemas() async throws {
        let id = Servers.unique("doc")
        _ = try await servers.redis.pipeline([
            ["SADD", "s:\(id)", "a", "b"], ["RPUSH", "l:\(id)", "x", "x"], ["SET", "v:\(id)", "json"],
        ])
        let reader = RedisFootprints(
            client: servers.redis,
            queries: .init(
                document: .init(key: "v:{document}", type: .string), chunk: .init(key: "l:{document}", type: .list),
                entity: .init(key: "s:{document}", type: .set)))
        let records = try await reader.footprints(of: [id])[0]
        #expect(records.records(of: .document).map(\.key) == [id])
        #expect(records.records(of: .chunk).map(\.key) == ["x", "x"])
        #expect(Set(records.records(of: .entity).map(\.key)) == ["a", "b"])
        _ = try await servers.redis.command("DEL", "s:\(id)", "l:\(id)", "v:\(id)")
        try await dropDatabase()
    }

    @Test func aThousandDocuments() async throws {
        try await makeTables()
        try await postgres.execute(
            "INSERT INTO documents SELECT 'd' || n, '', 'x' FROM generate_series(0, 999) n")
        let ids = (0..<1000).map { "d\($0)" }
        let found = try await PostgresFootprints(client: postgres).footprints(of: ids)
        #expect(found.map { $0.records.map(\.key) } == ids.map { [$0] })
        let elsewhere = (0..<1000).map { _ in Servers.unique("none") }
        for reader: any FootprintReader in [
            Neo4jFootprints(client: servers.neo4j), RedisFootprints(client: servers.redis),
        ] {
            let empty = try await reader.footprints(of: elsewhere)
            #expect(empty.count == 1000)
            #expect(empty.filter { !$0.isEmpty } == [])
        }
        try await dropDatabase()
    }

    @Test func aQueryThatFailsSaysWhich() async throws {
        let readers: [any FootprintReader] = [
            PostgresFootprints(client: postgres, queries: .init(chunk: "SELECT nothing FROM nowhere")),
            Neo4jFootprints(client: servers.neo4j, queries: .init(chunk: "RETURN nothing FROM nowhere")),
            QdrantFootprints(
                client: servers.qdrant, queries: .init(chunk: .init(collection: "nowhere", document: "d", key: "k"))),
        ]
        for reader in readers {
            let error = try await #require(throws: FootprintError.self) { _ = try await reader.footprints(of: ["d"]) }
            #expect(error.store == reader.store)
            #expect(error.description.contains("footprints.\(reader.store.rawValue).chunk"))
            #expect(error.query.contains("nowhere"))
            #expect(error.description.contains(error.query))
            #expect(error.cause != nil)
        }
        try await dropDatabase()
    }

    @Test func aQueryWithoutTheColumnsSaysWhichItGives() async throws {
        let reader = PostgresFootprints(
            client: postgres, queries: .init(document: "SELECT $1::text[] AS ids", orphans: "SELECT 1 AS key"))
        let missing = try await #require(throws: FootprintError.self) { _ = try await reader.footprints(of: ["d"]) }
        #expect(missing.description.contains("no column `document`; it gives ids"))
        let kindless = try await #require(throws: FootprintError.self) { _ = try await reader.orphans() }
        let countless = PostgresFootprints(
            client: postgres,
            queries: .init(document: "SELECT 'd' AS document, 'd' AS key, 'many' AS chunks, $1::text[]"))
        let uncounted = try await #require(throws: FootprintError.self) {
            _ = try await countless.footprints(of: ["d"])
        }
        #expect(uncounted.description.contains("`chunks` of document d is no whole number: many"))
        #expect(kindless.kind == "orphans")
        #expect(kindless.description.contains("no column `kind`"))
        try await dropDatabase()
    }

    @Test func erasingWhereNothingWasMade() async throws {
        // No tables in this database.
        let eraser = FootprintEraser(endpoints: endpoints)
        try await eraser.erase(documents: [Servers.unique("doc")])
        try await eraser.erase(bucket: Servers.unique("bucket").replacing("_", with: "-"), prefix: "")
        try await dropDatabase()
    }

    @Test func erasingObjectsUnderAPrefix() async throws {
        let bucket = Servers.unique("bucket").replacing("_", with: "-")
        try await servers.s3.createBucket(bucket)
        for key in ["run-1/a", "run-1/b", "run-2/a"] {
            try await servers.s3.putObject(bucket: bucket, key: key, body: .bytes([1]))
        }
        try await FootprintEraser(endpoints: endpoints).erase(bucket: bucket, prefix: "run-1/")
        #expect(try await servers.s3.listObjects(bucket: bucket).map(\.key) == ["run-2/a"])
        try await servers.s3.deleteObjects(bucket: bucket, keys: ["run-2/a"])
        try await servers.s3.deleteBucket(bucket)
        try await dropDatabase()
    }
}
