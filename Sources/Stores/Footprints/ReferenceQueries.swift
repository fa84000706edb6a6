extension FootprintQueries {
    // Orphans in Neo4j are sought from the part to its whole: the other way round ArcadeDB walks all documents for each part.
    /// The queries of the reference worker's schema.
    package static let reference = FootprintQueries(
        postgres: Queries(
            document: """
                SELECT id AS document, id AS key, digest, chunk_count AS chunks FROM documents \
                WHERE id = ANY($1::text[])
                """,
            chunk: """
                SELECT document_id AS document, ordinal AS key, digest FROM chunks \
                WHERE document_id = ANY($1::text[])
                """,
            entity: """
                SELECT document_id AS document, name AS key FROM document_entities \
                WHERE document_id = ANY($1::text[])
                """,
            orphans: """
                SELECT c.document_id AS document, c.ordinal::text AS key, 'chunk' AS kind FROM chunks c \
                WHERE NOT EXISTS (SELECT FROM documents d WHERE d.id = c.document_id) \
                UNION ALL SELECT NULL, e.name, 'entity' FROM entities e \
                WHERE NOT EXISTS (SELECT FROM document_entities m WHERE m.name = e.name)
                """),
        neo4j: Queries(
            document: """
                MATCH (d:Document) WHERE d.id IN $documents \
                RETURN d.id AS document, d.id AS key, d.digest AS digest, d.chunk_count AS chunks
                """,
            chunk: """
                MATCH (c:Chunk) WHERE c.document_id IN $documents \
                RETURN c.document_id AS document, c.ordinal AS key, c.digest AS digest
                """,
            entity: """
                MATCH (d:Document)-[:MENTIONS]->(e:Entity) WHERE d.id IN $documents \
                RETURN d.id AS document, e.name AS key
                """,
            orphans: """
                MATCH (c:Chunk) WHERE NOT (c)<-[:HAS_CHUNK]-(:Document) \
                RETURN c.document_id AS document, c.ordinal AS key, 'chunk' AS kind \
                UNION ALL MATCH (e:Entity) WHERE NOT (e)<-[:MENTIONS]-(:Document) \
                RETURN null AS document, e.name AS key, 'entity' AS kind
                """),
        qdrant: PointsByKind(
            chunk: Points(
                collection: "chunks", document: "document_id", key: "ordinal", digest: "digest", text: "content")),
        redis: KeysByKind(
            document: Keys(key: "document:{document}", type: .hash, digest: "digest"),
            chunk: Keys(key: "document:{document}:chunks", type: .hash)))
}
