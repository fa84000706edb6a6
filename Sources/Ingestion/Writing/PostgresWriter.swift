package import Consistency
package import Stores

/// Writes documents to PostgreSQL: one transaction a document.
///
/// Locks are taken in one order, the document's row and then entities by name, so concurrent documents that share
/// entities wait for each other and never deadlock.
package struct PostgresWriter: StoreWriter {
    package let store = Store.postgres
    private let client: PostgresClient
    private let timeout: Duration

    private let removesStale: Bool
    private let replaces: Bool
    private let recovery: PostgresRecovery

    /// - Parameters:
    ///   - timeout: for each statement.
    ///   - removesStale: removes what a longer former version left.
    ///   - replaces: rows that are there already are replaced; otherwise they are an error.
    ///   - recovery: what becomes of a transaction in which a statement fails.
    package init(
        client: PostgresClient, timeout: Duration = .seconds(10), removesStale: Bool = true, replaces: Bool = true,
        recovery: PostgresRecovery = .none
    ) {
        self.client = client
        self.timeout = timeout
        self.removesStale = removesStale
        self.replaces = replaces
        self.recovery = recovery
    }

    package func prepare() async throws {
        try await client.execute(PostgresSchema.script, timeout: timeout)
    }

    package func write(_ document: ProcessedDocument) async throws {
        let names = document.entities.map(\.name)
        try await client.transaction(timeout: timeout, recovery: recovery) { transaction in
            try await claim(document.id, in: transaction)
            try await writeHead(of: document, in: transaction)
            try await writeChunks(of: document, in: transaction)
            let dropped = try await transaction.query(
                "SELECT name FROM document_entities WHERE document_id = $1 AND name <> ALL ($2::text[])",
                [document.id, PostgresArray.literal(names)]
            ).rows.compactMap { $0[0] }
            try await lockEntities(document.entities, and: dropped, in: transaction)
            _ = try await transaction.query(
                """
                INSERT INTO document_entities (document_id, name) SELECT $1, name FROM unnest($2::text[]) AS name
                ON CONFLICT DO NOTHING
                """, [document.id, PostgresArray.literal(names)])
            guard !dropped.isEmpty else { return }
            _ = try await transaction.query(
                "DELETE FROM document_entities WHERE document_id = $1 AND name = ANY ($2::text[])",
                [document.id, PostgresArray.literal(dropped)])
            try await deleteUnmentioned(dropped, in: transaction)
        }
    }

    package func stored(document: String) async throws -> ProcessedDocument? {
        try await client.transaction(timeout: timeout) { transaction in
            try await claim(document, in: transaction)
            let head = try await transaction.query(
                "SELECT title, source_key, content_type, digest FROM documents WHERE id = $1", [document])
            guard let row = head.rows.first else { return nil }
            let chunks = try await transaction.query(
                "SELECT ordinal, content, digest FROM chunks WHERE document_id = $1 ORDER BY ordinal", [document])
            let entities = try await transaction.query(
                "SELECT name, type FROM entities JOIN document_entities USING (name) WHERE document_id = $1",
                [document])
            return ProcessedDocument(
                id: document, title: row[0] ?? "", sourceKey: row[1] ?? "", contentType: row[2], digest: row[3] ?? "",
                chunks: chunks.rows.map { row in
                    Chunk(ordinal: row[0].flatMap { Int($0) } ?? 0, text: row[1] ?? "", digest: row[2] ?? "")
                },
                vectors: [],
                entities: entities.rows.map { row in
                    Entity(name: row[0] ?? "", kind: row[1].flatMap(Entity.Kind.init) ?? .other)
                })
        }
    }

    package func remove(document: String) async throws {
        try await client.transaction(timeout: timeout) { transaction in
            try await claim(document, in: transaction)
            let names = try await transaction.query(
                """
                SELECT name FROM entities WHERE name IN (SELECT name FROM document_entities WHERE document_id = $1)
                ORDER BY name COLLATE "C" FOR UPDATE
                """, [document]
            ).rows.compactMap { $0[0] }
            _ = try await transaction.query("DELETE FROM documents WHERE id = $1", [document])
            try await deleteUnmentioned(names, in: transaction)
        }
    }

    /// Waits for every other transaction on the document to end. A transaction that was given up by its worker and commits
    /// late does so before what was done to undo it, never after.
    private func claim(_ document: String, in transaction: PostgresTransaction) async throws {
        _ = try await transaction.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [document])
        try WriteLease.check()
    }

    private func writeHead(of document: ProcessedDocument, in transaction: PostgresTransaction) async throws {
        _ = try await transaction.query(
            """
            INSERT INTO documents (id, title, source_key, content_type, digest, chunk_count, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6::int, now(), now())
            """
                + onConflict(
                    """
                    (id) DO UPDATE SET title = EXCLUDED.title, source_key = EXCLUDED.source_key,
                    content_type = EXCLUDED.content_type, digest = EXCLUDED.digest, chunk_count = EXCLUDED.chunk_count,
                    updated_at = now()
                    """),
            [
                document.id, document.title, document.sourceKey, document.contentType, document.digest,
                String(document.chunks.count),
            ])
    }

    private func onConflict(_ action: String) -> String { replaces ? "\nON CONFLICT " + action : "" }

    /// Chunks of a statement, so that none takes long.
    private static let batch = 1000

    private func writeChunks(of document: ProcessedDocument, in transaction: PostgresTransaction) async throws {
        if removesStale {
            _ = try await transaction.query(
                "DELETE FROM chunks WHERE document_id = $1 AND ordinal >= $2::int",
                [document.id, String(document.chunks.count)])
        }
        for start in stride(from: 0, to: document.chunks.count, by: Self.batch) {
            let chunks = document.chunks[start..<min(start + Self.batch, document.chunks.count)]
            _ = try await transaction.query(
                """
                INSERT INTO chunks (document_id, ordinal, content, digest)
                SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[])
                """
                    + onConflict(
                        """
                        (document_id, ordinal) DO UPDATE SET content = EXCLUDED.content, digest = EXCLUDED.digest
                        """),
                [
                    document.id, PostgresArray.literal(chunks.map { String($0.ordinal) }),
                    PostgresArray.literal(chunks.map(\.text)), PostgresArray.literal(chunks.map(\.digest)),
                ])
        }
    }

    /// Creates missing entities and locks all, dropped ones too, in one pass in the order of their names.
    private func lockEntities(
        _ entities: [Entity], and dropped: [String], in transaction: PostgresTransaction
    ) async throws {
        // A dropped entity exists, so its kind here is never stored.
        let all = entities + dropped.map { Entity(name: $0, kind: .other) }
        _ = try await transaction.query(
            """
            INSERT INTO entities (name, type)
            SELECT name, type FROM unnest($1::text[], $2::text[]) AS e(name, type) ORDER BY name COLLATE "C"
            ON CONFLICT (name) DO UPDATE SET type = entities.type
            """,
            [PostgresArray.literal(all.map(\.name)), PostgresArray.literal(all.map(\.kind.rawValue))])
    }

    /// Of these, which are locked, the entities that no document mentions any more.
    private func deleteUnmentioned(_ names: [String], in transaction: PostgresTransaction) async throws {
        _ = try await transaction.query(
            """
            DELETE FROM entities e WHERE name = ANY ($1::text[])
            AND NOT EXISTS (SELECT FROM document_entities m WHERE m.name = e.name)
            """, [PostgresArray.literal(names)])
    }
}
