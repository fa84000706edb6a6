import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from pipeline import defects
from pipeline.lock import Lease
from pipeline.stores import Contents, Version
from pipeline.stores.database import Database
from pipeline.stores.saga_log import guard

_Cursor = psycopg.AsyncCursor[tuple[object, ...]]

_SNAPSHOT = """
    SELECT to_jsonb(d),
        (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.chunk_index), '[]') FROM chunks c
            WHERE c.document_uuid = d.uuid),
        (SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.uuid), '[]') FROM entities e
            JOIN document_entities m ON m.entity_uuid = e.uuid WHERE m.document_uuid = d.uuid)
    FROM documents d WHERE d.uuid = %s
"""
_UPSERT = """
    INSERT INTO documents SELECT * FROM jsonb_populate_record(NULL::documents, %s)
    ON CONFLICT (uuid) DO UPDATE SET title = EXCLUDED.title, content = EXCLUDED.content, doc_type = EXCLUDED.doc_type,
        file_name = EXCLUDED.file_name, author = EXCLUDED.author, chunk_count = EXCLUDED.chunk_count,
        metadata = EXCLUDED.metadata, created_at = EXCLUDED.created_at
"""
_INSERT = """
    INSERT INTO documents SELECT * FROM jsonb_populate_record(NULL::documents, %s) ON CONFLICT (uuid) DO NOTHING
"""


class PostgresStore:
    name = "postgres"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def close(self) -> None:
        pass  # The connections are not its own.

    def contents_of(self, version: Version) -> Contents:
        document = version.document
        return {
            "document": {
                "uuid": document.uuid,
                "title": document.title,
                "content": document.content,
                "doc_type": document.doc_type,
                "file_name": document.document_id,
                "author": document.author,
                "chunk_count": len(document.chunks),
                "metadata": {
                    "digest": document.digest,
                    "source": document.source,
                    "source_path": document.source_path,
                },
                "created_at": datetime.datetime.now(datetime.UTC).isoformat(),
            },
            "chunks": [
                {"document_uuid": document.uuid, "chunk_index": index, "content": content}
                for index, content in enumerate(document.chunks)
            ],
            "entities": [
                {
                    "uuid": entity.uuid,
                    "name": entity.name,
                    "entity_type": entity.entity_type,
                    "confidence": entity.confidence,
                }
                for entity in version.entities
            ],
        }

    async def read(self, uuid: str) -> Contents | None:
        async with self._database.transaction() as cursor:
            await cursor.execute(_SNAPSHOT, [uuid])
            row = await cursor.fetchone()
        return {"document": row[0], "chunks": row[1], "entities": row[2]} if row else None

    async def write(self, uuid: str, contents: Contents | None, lease: Lease) -> None:
        async with self._database.transaction() as cursor:
            await guard(cursor, uuid, lease)
            await cursor.execute("SELECT entity_uuid::text FROM document_entities WHERE document_uuid = %s", [uuid])
            former = [str(row[0]) for row in await cursor.fetchall()]
            entities: list[dict[str, Any]] = contents["entities"] if contents else []
            await _lock_entities(cursor, former + [entity["uuid"] for entity in entities if entity["uuid"]])
            await cursor.execute("DELETE FROM document_entities WHERE document_uuid = %s", [uuid])
            await cursor.execute("DELETE FROM chunks WHERE document_uuid = %s", [uuid])
            if contents is None:
                await cursor.execute("DELETE FROM documents WHERE uuid = %s", [uuid])
            else:
                await _insert(cursor, contents)
            # With nobody else to mention them.
            await cursor.execute(
                """
                DELETE FROM entities e WHERE e.uuid = ANY(%s::uuid[])
                AND NOT EXISTS (SELECT FROM document_entities m WHERE m.entity_uuid = e.uuid)
                """,
                [former],
            )


async def _lock_entities(cursor: _Cursor, uuids: list[str]) -> None:
    """Documents share entities. All writers take them in one order, so that none waits for another in a circle."""
    await cursor.execute(
        "SELECT FROM entities WHERE uuid = ANY(%s::uuid[]) ORDER BY uuid FOR UPDATE", [sorted(set(uuids))]
    )


async def _insert(cursor: _Cursor, contents: Contents) -> None:
    await cursor.execute(_INSERT if defects.is_on("old-row-kept") else _UPSERT, [Jsonb(contents["document"])])
    await cursor.execute(
        "INSERT INTO chunks SELECT * FROM jsonb_populate_recordset(NULL::chunks, %s)", [Jsonb(contents["chunks"])]
    )
    entities = Jsonb(contents["entities"])
    await cursor.execute(
        """
        INSERT INTO entities SELECT * FROM jsonb_populate_recordset(NULL::entities, %s) ORDER BY uuid
        ON CONFLICT (uuid) DO UPDATE SET name = EXCLUDED.name
        """,
        [entities],
    )
    await cursor.execute(
        """
        INSERT INTO document_entities (document_uuid, entity_uuid)
        SELECT %s, uuid FROM jsonb_populate_recordset(NULL::entities, %s)
        """,
        [contents["document"]["uuid"], entities],
    )
