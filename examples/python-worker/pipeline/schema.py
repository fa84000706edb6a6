"""The schema: `python -m pipeline.schema` makes what is missing, in PostgreSQL, Neo4j, Qdrant and S3. Harmless when
repeated."""

import asyncio

import psycopg
from botocore.exceptions import ClientError
from neo4j import AsyncGraphDatabase
from qdrant_client import models
from qdrant_client.http.exceptions import UnexpectedResponse

from pipeline.download import s3_client
from pipeline.embeddings import DIMENSIONS
from pipeline.entities import TYPES
from pipeline.settings import Settings
from pipeline.stores.database import SCHEMA, conninfo
from pipeline.stores.qdrant import COLLECTION, qdrant_client

# PostgreSQL keeps no vectors: pgvector is not everywhere, and Qdrant has them.
_TABLES = f"""
SELECT pg_advisory_xact_lock(7300);
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS documents (
    uuid uuid PRIMARY KEY,
    title text NOT NULL,
    content text NOT NULL,
    doc_type text NOT NULL,
    file_name text NOT NULL,
    author text,
    chunk_count integer NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_file_name ON documents (file_name);
CREATE TABLE IF NOT EXISTS chunks (
    document_uuid uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    chunk_index integer NOT NULL,
    content text NOT NULL,
    UNIQUE (document_uuid, chunk_index)
);
CREATE TABLE IF NOT EXISTS entities (
    uuid uuid PRIMARY KEY,
    name text NOT NULL,
    entity_type text NOT NULL CHECK (entity_type IN ({", ".join(f"'{name}'" for name in TYPES)})),
    confidence real NOT NULL
);
CREATE TABLE IF NOT EXISTS document_entities (
    document_uuid uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    entity_uuid uuid NOT NULL REFERENCES entities,
    PRIMARY KEY (document_uuid, entity_uuid)
);
CREATE INDEX IF NOT EXISTS document_entities_entity ON document_entities (entity_uuid);
CREATE TABLE IF NOT EXISTS sagas (
    document_uuid uuid PRIMARY KEY,
    token bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('new', 'open', 'done', 'undone')),
    former jsonb,
    submission text,
    digest text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS dead_letter_queue (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_uuid uuid NOT NULL,
    database text NOT NULL,
    operation text NOT NULL,
    result jsonb NOT NULL,
    error text NOT NULL,
    retry_count integer NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'resolved')),
    priority text NOT NULL DEFAULT 'high',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (document_uuid, database)
);
"""
_GRAPH = (
    "CREATE CONSTRAINT apex_document_uuid IF NOT EXISTS FOR (n:ApexDocument) REQUIRE n.uuid IS UNIQUE",
    "CREATE CONSTRAINT apex_chunk_uuid IF NOT EXISTS FOR (n:ApexChunk) REQUIRE n.uuid IS UNIQUE",
    "CREATE CONSTRAINT apex_entity_uuid IF NOT EXISTS FOR (n:ApexEntity) REQUIRE n.uuid IS UNIQUE",
    "CREATE CONSTRAINT apex_saga_fence IF NOT EXISTS FOR (n:ApexSagaFence) REQUIRE n.document_uuid IS UNIQUE",
    "CREATE INDEX apex_chunk_document IF NOT EXISTS FOR (n:ApexChunk) ON (n.document_uuid)",
)
_TIMEOUT = 10


async def make_schema(settings: Settings) -> None:
    async with await psycopg.AsyncConnection.connect(conninfo(settings.postgres)) as connection:
        await connection.execute(_TABLES)
    login = (settings.neo4j.user, settings.neo4j.password)
    async with AsyncGraphDatabase.driver(settings.neo4j.uri, auth=login, connection_timeout=_TIMEOUT) as driver:
        for statement in _GRAPH:
            await driver.execute_query(statement, database_=settings.neo4j.database)
    await _make_collection(settings)
    await asyncio.to_thread(_make_bucket, settings)


async def _make_collection(settings: Settings) -> None:
    client = qdrant_client(settings.qdrant, _TIMEOUT)
    try:
        if not await client.collection_exists(COLLECTION):
            vectors = models.VectorParams(size=DIMENSIONS, distance=models.Distance.COSINE)
            try:
                await client.create_collection(COLLECTION, vectors_config=vectors)
            except UnexpectedResponse as error:
                # Made by somebody else meanwhile.
                if error.status_code != 409:
                    raise
        for field in ("uuid", "document_uuid"):
            await client.create_payload_index(COLLECTION, field, models.PayloadSchemaType.KEYWORD, wait=True)
    finally:
        await client.close()


def _make_bucket(settings: Settings) -> None:
    client = s3_client(settings)
    try:
        client.create_bucket(Bucket=settings.s3.bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise


if __name__ == "__main__":
    asyncio.run(make_schema(Settings.from_environment()))
    print("the schema stands")
