package import Consistency
package import Stores
import Wire

/// Writes documents to Neo4j: one transaction a document.
///
/// Every entity is written to in the order of names before it is tied to the document, which takes Neo4j's locks in one order
/// among documents that share entities. ArcadeDB does not lock, and setting what is there already is no write to it; it
/// fails the commit of whoever comes second to what both change, as transient.
package struct Neo4jWriter: StoreWriter {
    package let store = Store.neo4j
    private let client: BoltClient
    private let timeout: Duration

    private let removesStale: Bool
    private let mergesChunks: Bool
    private let isWhole: Bool
    private let recovery: BoltRecovery

    /// - Parameters:
    ///   - timeout: for each query.
    ///   - removesStale: removes what a longer former version left.
    ///   - mergesChunks: chunks that are there already are replaced; otherwise they are an error.
    ///   - isWhole: a document is written in one transaction; otherwise its entities have one of their own.
    ///   - recovery: what becomes of a transaction in which a query fails.
    package init(
        client: BoltClient, timeout: Duration = .seconds(20), removesStale: Bool = true, mergesChunks: Bool = true,
        isWhole: Bool = true, recovery: BoltRecovery = .none
    ) {
        self.client = client
        self.timeout = timeout
        self.removesStale = removesStale
        self.mergesChunks = mergesChunks
        self.isWhole = isWhole
        self.recovery = recovery
    }

    package func prepare() async throws {
        for statement in Neo4jSchema.statements {
            try await retryable { _ = try await client.run(statement, timeout: timeout) }
        }
    }

    package func write(_ document: ProcessedDocument) async throws {
        try await retryable {
            if isWhole {
                try await transaction { try await write(document, in: $0) }
            } else {
                try await transaction { try await writeHeadAndChunks(of: document, in: $0) }
                try await transaction { try await writeEntities(of: document, in: $0) }
            }
        }
    }

    private func transaction(_ body: (BoltTransaction) async throws -> Void) async throws {
        try await client.transaction(timeout: timeout, recovery: recovery, body)
    }

    /// Writes in somebody else's transaction.
    package func write(_ document: ProcessedDocument, in transaction: BoltTransaction) async throws {
        try await writeHeadAndChunks(of: document, in: transaction)
        try await writeEntities(of: document, in: transaction)
    }

    private func writeHeadAndChunks(
        of document: ProcessedDocument, in transaction: BoltTransaction
    ) async throws {
        try await claim(document.id, in: transaction)
        _ = try await transaction.run(
            """
            MERGE (d:Document {id: $id})
            SET d.title = $title, d.digest = $digest, d.chunk_count = $count
            """,
            [
                "id": .string(document.id), "title": .string(document.title),
                "digest": .string(document.digest), "count": .int(document.chunks.count),
            ])
        try await writeChunks(of: document, in: transaction)
    }

    /// Writes to a node that every change of the document writes to and none deletes. A write that was given up by its worker
    /// and commits late then cannot land after its undo: Neo4j lets the undo wait for it, ArcadeDB fails whichever
    /// commits second, which a deleted document alone would not make it do.
    private func claim(_ document: String, in transaction: BoltTransaction) async throws {
        _ = try await transaction.run(
            "MERGE (c:DocumentClaim {id: $id}) SET c.changes = coalesce(c.changes, 0) + 1", ["id": .string(document)])
        try WriteLease.check()
    }

    package func stored(document: String) async throws -> ProcessedDocument? {
        let id: [String: BoltValue] = ["id": .string(document)]
        return try await client.transaction(timeout: timeout) { transaction in
            let head = try await transaction.run(
                "MATCH (d:Document {id: $id}) RETURN d.title, d.digest", id)
            guard let row = head.records.first else { return nil }
            let chunks = try await transaction.run(
                "MATCH (c:Chunk {document_id: $id}) RETURN c.ordinal, c.digest ORDER BY c.ordinal", id)
            let entities = try await transaction.run(
                "MATCH (:Document {id: $id})-[:MENTIONS]->(e:Entity) RETURN e.name, e.type", id)
            return ProcessedDocument(
                id: document, title: row[0].string ?? "", sourceKey: "", contentType: nil,
                digest: row[1].string ?? "",
                chunks: chunks.records.map { Chunk(ordinal: $0[0].int ?? 0, text: "", digest: $0[1].string ?? "") },
                vectors: [],
                entities: entities.records.map { row in
                    Entity(name: row[0].string ?? "", kind: row[1].string.flatMap(Entity.Kind.init) ?? .other)
                })
        }
    }

    package func remove(document: String) async throws {
        do {
            try await remove(document, mentioned: "MATCH (:Document {id: $id})-[:MENTIONS]->(e:Entity) RETURN e.name")
        } catch let error as StoreError where error.code == Self.entityNotFound || Self.isOfTiedNode(error) {
            // ArcadeDB may leave an edge of which one end is gone. From the entities' side, which takes longer, an edge
            // to nowhere is not met, and what is detached may have one from nowhere.
            try await remove(
                document,
                mentioned: "MATCH (e:Entity) WHERE (e)<-[:MENTIONS]-(:Document {id: $id}) RETURN e.name",
                detaches: true)
        }
    }

    /// - Parameters:
    ///   - query: gives the names of the entities that the document mentions.
    ///   - detaches: entities that no document mentions go with all their edges.
    private func remove(_ document: String, mentioned query: String, detaches: Bool = false) async throws {
        try await retryable {
            try await transaction { transaction in
                let id: [String: BoltValue] = ["id": .string(document)]
                try await claim(document, in: transaction)
                let mentioned = try await transaction.run(query, id)
                try await deleteChunks(of: document, from: 0, in: transaction)
                let names = mentioned.records.compactMap(\.first).compactMap(\.string).sorted()
                try await lock(names, in: transaction)
                _ = try await transaction.run("MATCH (d:Document {id: $id}) DETACH DELETE d", id)
                try await deleteUnmentioned(names, detaches: detaches, in: transaction)
            }
        }
    }

    private static let entityNotFound = "Neo.ClientError.Statement.EntityNotFound"

    /// Chunks of a query, so that none takes long.
    private static let batch = 500
    private static let deletedAtOnce = 2000

    private func writeChunks(of document: ProcessedDocument, in transaction: BoltTransaction) async throws {
        let id = BoltValue.string(document.id)
        if removesStale {
            try await deleteChunks(of: document.id, from: document.chunks.count, in: transaction)
        }
        for start in stride(from: 0, to: document.chunks.count, by: Self.batch) {
            let rows = document.chunks[start..<min(start + Self.batch, document.chunks.count)].map { chunk in
                BoltValue.map([
                    "id": .string("\(document.id):\(chunk.ordinal)"), "ordinal": .int(chunk.ordinal),
                    "digest": .string(chunk.digest),
                ])
            }
            let parameters: [String: BoltValue] = ["id": id, "rows": .list(rows)]
            _ = try await transaction.run(
                """
                UNWIND $rows AS row \(mergesChunks ? "MERGE" : "CREATE") (c:Chunk {id: row.id})
                SET c.document_id = $id, c.ordinal = row.ordinal, c.digest = row.digest
                """, parameters)
            // Asked from the chunk's side: MERGE would walk all of the document's edges for each chunk.
            _ = try await transaction.run(
                """
                MATCH (d:Document {id: $id}) UNWIND $rows AS row MATCH (c:Chunk {id: row.id})
                WHERE NOT (c)<-[:HAS_CHUNK]-(:Document) CREATE (d)-[:HAS_CHUNK]->(c)
                """, parameters)
        }
    }

    /// Deletes the chunks from an ordinal on, some at a time: all at once may take longer than a query may.
    private func deleteChunks(of document: String, from first: Int, in transaction: BoltTransaction) async throws {
        let parameters: [String: BoltValue] = [
            "id": .string(document), "first": .int(first), "batch": .int(Self.deletedAtOnce),
        ]
        var deleted = 0
        repeat {
            let result = try await transaction.run(
                """
                MATCH (c:Chunk {document_id: $id}) WHERE c.ordinal >= $first WITH c LIMIT $batch
                DETACH DELETE c RETURN count(*) AS deleted
                """, parameters)
            deleted = result.records.first?.first?.int ?? 0
        } while deleted == Self.deletedAtOnce
    }

    private func writeEntities(of document: ProcessedDocument, in transaction: BoltTransaction) async throws {
        let names = BoltValue.list(document.entities.map { .string($0.name) })
        let own: [String: BoltValue] = ["id": .string(document.id), "names": names]
        let dropped = try await transaction.run(
            "MATCH (:Document {id: $id})-[:MENTIONS]->(e:Entity) WHERE NOT e.name IN $names RETURN e.name", own
        ).records.compactMap(\.first).compactMap(\.string)
        // A dropped entity exists, so its kind here is never stored.
        let all = document.entities + dropped.map { Entity(name: $0, kind: .other) }
        let rows = all.sorted { $0.name < $1.name }
            .map { BoltValue.map(["name": .string($0.name), "type": .string($0.kind.rawValue)]) }
        _ = try await transaction.run(
            """
            UNWIND $rows AS row MERGE (e:Entity {name: row.name})
            ON CREATE SET e.type = row.type ON MATCH SET e.type = e.type
            """, ["rows": .list(rows)])
        let tied = try await transaction.run(
            """
            MATCH (d:Document {id: $id}) UNWIND $names AS name MATCH (e:Entity {name: name})
            MERGE (d)-[:MENTIONS]->(e) RETURN count(e)
            """, own)
        // ArcadeDB reads what is committed meanwhile: an entity may be gone that was merged a moment ago.
        guard (tied.records.first?.first?.int ?? 0) == document.entities.count else {
            throw StoreError(
                service: "neo4j", operation: "MERGE", outcome: .definite, isTransient: true, code: "EntityGone",
                message: "an entity was deleted while it was tied to the document")
        }
        guard !dropped.isEmpty else { return }
        _ = try await transaction.run(
            "MATCH (:Document {id: $id})-[m:MENTIONS]->(e:Entity) WHERE NOT e.name IN $names DELETE m", own)
        try await deleteUnmentioned(dropped, in: transaction)
    }

    private func lock(_ names: [String], in transaction: BoltTransaction) async throws {
        _ = try await transaction.run(
            "UNWIND $names AS name MATCH (e:Entity {name: name}) SET e.type = e.type",
            ["names": .list(names.map { .string($0) })])
    }

    /// Of these, which are locked, the entities that no document mentions any more.
    private func deleteUnmentioned(
        _ names: [String], detaches: Bool = false, in transaction: BoltTransaction
    ) async throws {
        _ = try await transaction.run(
            """
            UNWIND $names AS name MATCH (e:Entity {name: name})
            WHERE NOT (e)<-[:MENTIONS]-(:Document) \(detaches ? "DETACH DELETE" : "DELETE") e
            """, ["names": .list(names.map { .string($0) })])
    }

    /// Says of what passes that it is worth another try.
    private func retryable(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch var error as StoreError where Self.passes(error) && !isOfChunk(error) {
            error.isTransient = true
            throw error
        }
    }

    /// It says that a chunk is there already, and this writer takes that for an error.
    private func isOfChunk(_ error: StoreError) -> Bool { !mergesChunks && error.message.contains("Chunk") }

    /// What servers call for good and is not, for these statements: two transactions that MERGE the same new node, one of
    /// which fails on the unique index; a node that another transaction deleted while this one read it, or tied to a
    /// document between this one's look at it and its DELETE; a schema statement that came second. Tried again, they pass.
    package static func passes(_ error: StoreError) -> Bool {
        switch error.code {
        case "Neo.ClientError.Schema.ConstraintValidationFailed", entityNotFound: true
        default: isOfTiedNode(error)
        }
    }

    /// Neo4j calls a DELETE of a tied node a failed constraint; ArcadeDB has no code for it.
    private static func isOfTiedNode(_ error: StoreError) -> Bool {
        error.code == "Neo.DatabaseError.General.UnknownError" && error.message.contains("DeleteConnectedNode")
    }
}
