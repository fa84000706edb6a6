/// The reference worker's constraints and indices. ArcadeDB takes all of them (tried with 26.10).
enum Neo4jSchema {
    /// One schema statement a transaction: Neo4j allows no more.
    static let statements = [
        "CREATE CONSTRAINT document_id IF NOT EXISTS FOR (d:Document) REQUIRE d.id IS UNIQUE",
        "CREATE CONSTRAINT chunk_id IF NOT EXISTS FOR (c:Chunk) REQUIRE c.id IS UNIQUE",
        "CREATE CONSTRAINT entity_name IF NOT EXISTS FOR (e:Entity) REQUIRE e.name IS UNIQUE",
        "CREATE CONSTRAINT document_claim_id IF NOT EXISTS FOR (c:DocumentClaim) REQUIRE c.id IS UNIQUE",
        "CREATE INDEX chunk_document IF NOT EXISTS FOR (c:Chunk) ON (c.document_id)",
    ]
}
