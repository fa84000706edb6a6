"""A document ingestion pipeline on Temporal: S3 and OpenAI in, PostgreSQL, Neo4j, Qdrant and Redis out."""
