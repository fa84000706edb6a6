"""What stands in the four stores, read by queries that the pipeline does not use."""

import json
import urllib.request
from dataclasses import dataclass, field

import neo4j
import psycopg
import redis

from pipeline.settings import Settings
from pipeline.stores.database import conninfo


@dataclass(frozen=True)
class Held:
    """One store's part of one document."""

    digest: str | None
    chunks: list[str]
    entities: list[str] = field(default_factory=list)


class Stores:
    def __init__(self, settings: Settings) -> None:
        self._postgres = psycopg.connect(conninfo(settings.postgres), autocommit=True)
        login = (settings.neo4j.user, settings.neo4j.password)
        self._neo4j = neo4j.GraphDatabase.driver(settings.neo4j.uri, auth=login)
        self._database = settings.neo4j.database
        self._qdrant = f"http://{settings.qdrant.host}:{settings.qdrant.port}/collections/apex_documents/points/scroll"
        self._redis = redis.Redis(host=settings.redis.host, port=settings.redis.port, decode_responses=True)

    def close(self) -> None:
        self._postgres.close()
        self._neo4j.close()
        self._redis.close()

    def held(self, uuid: str) -> dict[str, Held]:
        """By the store's name, those that hold anything."""
        found = {
            "postgres": self._in_postgres(uuid),
            "neo4j": self._in_neo4j(uuid),
            "qdrant": self._in_qdrant(uuid),
            "redis": self._in_redis(uuid),
        }
        return {store: held for store, held in found.items() if held != Held(None, [])}

    def assert_gone(self, uuid: str) -> None:
        assert self.held(uuid) == {}

    def assert_whole(self, uuid: str, digest: str) -> None:
        held = self.held(uuid)
        assert set(held) == {"postgres", "neo4j", "qdrant", "redis"}
        assert {one.digest for one in held.values()} == {digest}
        chunks = held["postgres"].chunks
        assert chunks and all(one.chunks == chunks for one in held.values())
        assert held["postgres"].entities == held["neo4j"].entities

    def uuids_of(self, document_id: str) -> list[str]:
        rows = self._postgres.execute("SELECT uuid::text FROM documents WHERE file_name = %s", [document_id]).fetchall()
        return [row[0] for row in rows]

    def dead_letters(self, uuid: str) -> dict[str, str]:
        """Their status, by the store."""
        return dict(
            self._postgres.execute(
                "SELECT database, status FROM dead_letter_queue WHERE document_uuid = %s", [uuid]
            ).fetchall()
        )

    def saga_state(self, uuid: str) -> str | None:
        row = self._postgres.execute("SELECT state FROM sagas WHERE document_uuid = %s", [uuid]).fetchone()
        return row[0] if row else None

    def forget_lock(self, uuid: str) -> None:
        """As Redis does when the lock has run out."""
        self._redis.delete(f"dtx:lock:{uuid}")

    def has_lock(self, uuid: str) -> bool:
        return bool(self._redis.exists(f"dtx:lock:{uuid}"))

    def _in_postgres(self, uuid: str) -> Held:
        row = self._postgres.execute("SELECT metadata->>'digest' FROM documents WHERE uuid = %s", [uuid]).fetchone()
        chunks = self._postgres.execute(
            "SELECT content FROM chunks WHERE document_uuid = %s ORDER BY chunk_index", [uuid]
        ).fetchall()
        entities = self._postgres.execute(
            """
            SELECT e.name FROM document_entities m JOIN entities e ON e.uuid = m.entity_uuid
            WHERE m.document_uuid = %s ORDER BY e.name COLLATE "C"
            """,
            [uuid],
        ).fetchall()
        return Held(row[0] if row else None, [one for (one,) in chunks], [one for (one,) in entities])

    def _in_neo4j(self, uuid: str) -> Held:
        def rows(query: str) -> list[str]:
            return [
                record[0] for record in self._neo4j.execute_query(query, uuid=uuid, database_=self._database).records
            ]

        digests = rows("MATCH (d:ApexDocument) WHERE d.uuid = $uuid RETURN d.digest")
        chunks = rows("MATCH (c:ApexChunk) WHERE c.document_uuid = $uuid RETURN c.content ORDER BY c.chunk_index")
        entities = rows("MATCH (d:ApexDocument)-[:MENTIONS]->(e:ApexEntity) WHERE d.uuid = $uuid RETURN e.name")
        return Held(digests[0] if digests else None, chunks, sorted(entities))

    def _in_qdrant(self, uuid: str) -> Held:
        wanted = [{"key": key, "match": {"value": uuid}} for key in ("uuid", "document_uuid")]
        body = json.dumps({"limit": 1000, "filter": {"should": wanted}, "with_payload": True}).encode()
        request = urllib.request.Request(self._qdrant, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            payloads = [point["payload"] for point in json.load(answer)["result"]["points"]]
        chunks = sorted((one for one in payloads if one["is_chunk"]), key=lambda one: one["chunk_index"])
        digests = [one["digest"] for one in payloads if not one["is_chunk"]]
        return Held(digests[0] if digests else None, [one["content"] for one in chunks])

    def _in_redis(self, uuid: str) -> Held:
        chunks: dict[str, str] = self._redis.hgetall(f"document:{uuid}:chunks")  # type: ignore[assignment]
        digest: str | None = self._redis.hget(f"document:{uuid}", "digest")  # type: ignore[assignment]
        return Held(digest, [content for _, content in sorted(chunks.items(), key=lambda pair: int(pair[0]))])
