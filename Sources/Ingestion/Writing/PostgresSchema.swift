/// The reference worker's tables.
enum PostgresSchema {
    /// One implicit transaction under an advisory lock: `CREATE TABLE IF NOT EXISTS` alone fails with 23505 when two
    /// workers do it at once.
    static let script = """
        SELECT pg_advisory_xact_lock(7221490321);
        CREATE TABLE IF NOT EXISTS documents (
            id text PRIMARY KEY,
            title text,
            source_key text,
            content_type text,
            digest text NOT NULL,
            chunk_count int,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE IF NOT EXISTS chunks (
            document_id text NOT NULL REFERENCES documents ON DELETE CASCADE,
            ordinal int NOT NULL,
            content text NOT NULL,
            digest text NOT NULL,
            PRIMARY KEY (document_id, ordinal)
        );
        CREATE TABLE IF NOT EXISTS entities (
            name text PRIMARY KEY,
            type text NOT NULL CHECK (type IN ('customer', 'equipment', 'driver', 'invoice', 'load', 'person',
                'organization', 'location', 'product', 'concept', 'other'))
        );
        CREATE TABLE IF NOT EXISTS document_entities (
            document_id text NOT NULL REFERENCES documents ON DELETE CASCADE,
            name text NOT NULL REFERENCES entities,
            PRIMARY KEY (document_id, name)
        );
        CREATE INDEX IF NOT EXISTS document_entities_name ON document_entities (name);
        """
}
