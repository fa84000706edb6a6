internal import Wire

/// Removes what the reference worker wrote for given documents, and S3 objects under a prefix: a run's clean-up.
/// Idempotent; a table, collection, key or bucket that isn't there is no error.
package struct FootprintEraser: Sendable {
    private static let undefinedTable = "42P01"
    private static let documentsPerCommand = 500
    private static let tries = 20
    /// ArcadeDB's word for a node that another transaction deleted meanwhile.
    private static let entityNotFound = "Neo.ClientError.Statement.EntityNotFound"

    private let postgres: PostgresClient
    private let neo4j: BoltClient
    private let qdrant: QdrantClient
    private let redis: RedisClient
    private let s3: S3Client

    package init(endpoints: Endpoints) {
        let http = HTTPClient()
        postgres = PostgresClient(endpoint: endpoints.postgres, connections: 1)
        neo4j = BoltClient(endpoint: endpoints.neo4j, connections: 1)
        qdrant = QdrantClient(endpoint: endpoints.qdrant, http: http)
        redis = RedisClient(endpoint: endpoints.redis, connections: 1)
        s3 = S3Client(endpoint: endpoints.s3, http: http)
    }

    /// Deletes the records of these documents in all four stores. An entity goes when one of these documents named it
    /// and no other document does.
    package func erase(documents: [String]) async throws {
        guard !documents.isEmpty else { return }
        try await erasePostgres(documents)
        try await eraseNeo4j(documents)
        try await eraseQdrant(documents)
        try await eraseRedis(documents)
    }

    /// Deletes the objects under a prefix.
    package func erase(bucket: String, prefix: String) async throws(StoreError) {
        do throws(StoreError) {
            let keys = try await s3.listObjects(bucket: bucket, prefix: prefix).map(\.key)
            try await s3.deleteObjects(bucket: bucket, keys: keys)
        } catch  where error.code == "NoSuchBucket" {
            return
        }
    }

    private func erasePostgres(_ documents: [String]) async throws {
        let ids = PostgresArray.literal(documents)
        do {
            try await postgres.transaction { transaction in
                let mentions = try await transaction.query(
                    "DELETE FROM document_entities WHERE document_id = ANY($1::text[]) RETURNING name", [ids])
                try await transaction.query("DELETE FROM chunks WHERE document_id = ANY($1::text[])", [ids])
                try await transaction.query("DELETE FROM documents WHERE id = ANY($1::text[])", [ids])
                // Locked in the order that writers take, so that nobody mentions one while it goes.
                try await transaction.query(
                    "SELECT FROM entities WHERE name = ANY($1::text[]) ORDER BY name COLLATE \"C\" FOR UPDATE",
                    [PostgresArray.literal(mentions.rows.map { $0[0] })])
                try await transaction.query(
                    """
                    DELETE FROM entities e WHERE name = ANY($1::text[]) \
                    AND NOT EXISTS (SELECT FROM document_entities m WHERE m.name = e.name)
                    """, [PostgresArray.literal(mentions.rows.map { $0[0] })])
            }
        } catch let error as StoreError where error.code == Self.undefinedTable {
            // The worker makes all tables together, or none.
            return
        }
    }

    /// Others may write to the same entities meanwhile; the store then fails one of the two, as transient.
    private func eraseNeo4j(_ documents: [String]) async throws {
        for _ in 1..<Self.tries {
            do { return try await tryEraseNeo4j(documents) } catch let error as StoreError
                where error.isTransient || error.code == Self.entityNotFound
            {
                try await ContinuousClock().sleep(for: .milliseconds(Int.random(in: 1...200)))
            }
        }
        try await tryEraseNeo4j(documents)
    }

    private func tryEraseNeo4j(_ documents: [String]) async throws {
        let parameters = ["documents": BoltValue.list(documents.map { .string($0) })]
        try await neo4j.transaction { transaction in
            let found = try await transaction.run(
                "MATCH (d:Document)-[:MENTIONS]->(e:Entity) WHERE d.id IN $documents RETURN DISTINCT e.name AS name",
                parameters)
            try await transaction.run(
                "MATCH (c:Chunk) WHERE c.document_id IN $documents DETACH DELETE c", parameters)
            try await transaction.run("MATCH (d:Document) WHERE d.id IN $documents DETACH DELETE d", parameters)
            try await transaction.run("MATCH (c:DocumentClaim) WHERE c.id IN $documents DELETE c", parameters)
            try await transaction.run(
                "MATCH (e:Entity) WHERE e.name IN $names AND NOT (:Document)-[:MENTIONS]->(e) DETACH DELETE e",
                ["names": .list(found.records.map { $0[0] })])
        }
    }

    private func eraseQdrant(_ documents: [String]) async throws(StoreError) {
        do throws(StoreError) {
            try await qdrant.delete(where: .match("document_id", anyOf: documents), from: "chunks")
        } catch  where error.code == "404" {
            return
        }
    }

    private func eraseRedis(_ documents: [String]) async throws(StoreError) {
        for start in stride(from: 0, to: documents.count, by: Self.documentsPerCommand) {
            let batch = documents[start..<min(start + Self.documentsPerCommand, documents.count)]
            let keys = batch.flatMap { ["document:\($0)", "document:\($0):chunks", "document:\($0):writing"] }
            _ = try await redis.command(["DEL"] + keys)
        }
    }
}
