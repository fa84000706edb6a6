import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from neo4j import AsyncGraphDatabase, AsyncTransaction
from neo4j.exceptions import ClientError, DriverError, Neo4jError, TransientError

from pipeline.errors import LockLostError, StoreError
from pipeline.identity import chunk_uuid
from pipeline.lock import Lease
from pipeline.settings import Neo4jSettings
from pipeline.stores import Contents, Version

T = TypeVar("T")
# Two documents that name the same entity conflict: the server fails one of the two, which is no failure but a turn to
# wait for.
_CONFLICTS = {"Neo.ClientError.Schema.ConstraintValidationFailed", "Neo.ClientError.Statement.EntityNotFound"}
_CONFLICT_TRIES = 12
# Client errors that are about the server's state rather than about the query.
_TRANSIENT = {"Neo.ClientError.Cluster.NotALeader", "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"}


class Neo4jStore:
    """Labels begin with `Apex`: the graph has one database for all applications."""

    name = "neo4j"

    def __init__(self, settings: Neo4jSettings, timeout: float) -> None:
        self._timeout = timeout
        self._database = settings.database
        self._driver = AsyncGraphDatabase.driver(
            settings.uri,
            auth=(settings.user, settings.password),
            connection_timeout=5,
            connection_acquisition_timeout=5,
            max_transaction_retry_time=0,
            telemetry_disabled=True,
        )

    async def close(self) -> None:
        await self._driver.close()

    def contents_of(self, version: Version) -> Contents:
        document = version.document
        return {
            "document": {
                "uuid": document.uuid,
                "title": document.title,
                "doc_type": document.doc_type,
                "file_name": document.document_id,
                "digest": document.digest,
                "chunk_count": len(document.chunks),
            },
            "chunks": [
                {
                    "uuid": chunk_uuid(document.uuid, index),
                    "document_uuid": document.uuid,
                    "chunk_index": index,
                    "content": content,
                }
                for index, content in enumerate(document.chunks)
            ],
            # One without a uuid would be no MERGE but an error.
            "entities": [
                {"uuid": entity.uuid, "name": entity.name, "entity_type": entity.entity_type}
                for entity in version.entities
                if entity.uuid
            ],
        }

    async def read(self, uuid: str) -> Contents | None:
        async def work(transaction: AsyncTransaction) -> Contents | None:
            document = await _rows(
                transaction, "MATCH (d:ApexDocument {uuid: $uuid}) RETURN properties(d) AS it", uuid=uuid
            )
            chunks = await _rows(
                transaction,
                "MATCH (c:ApexChunk {document_uuid: $uuid}) RETURN properties(c) AS it ORDER BY c.chunk_index",
                uuid=uuid,
            )
            entities = await _rows(
                transaction,
                """
                MATCH (:ApexDocument {uuid: $uuid})-[:MENTIONS]->(e:ApexEntity)
                RETURN properties(e) AS it ORDER BY e.uuid
                """,
                uuid=uuid,
            )
            if not document and not chunks:
                return None
            return {"document": document[0] if document else None, "chunks": chunks, "entities": entities}

        return await self._transaction(work)

    async def write(self, uuid: str, contents: Contents | None, lease: Lease) -> None:
        async def work(transaction: AsyncTransaction) -> None:
            if lease.fence is not None:
                await _guard(transaction, uuid, lease.fence)
            await _remove(transaction, uuid, keep_document=contents is not None)
            if contents is not None:
                await _create(transaction, uuid, contents)

        await self._transaction(work)

    async def _transaction(self, work: Callable[[AsyncTransaction], Awaitable[T]]) -> T:
        reached = False
        try:
            async with asyncio.timeout(self._timeout), self._driver.session(database=self._database) as session:
                for left in reversed(range(_CONFLICT_TRIES)):
                    try:
                        async with await session.begin_transaction() as transaction:
                            reached = True
                            result = await work(transaction)
                            await transaction.commit()
                            return result
                    except (TransientError, ClientError) as error:
                        if left == 0 or not _is_conflict(error):
                            raise
                    await asyncio.sleep(random.uniform(0.005, 0.1))
                raise AssertionError("the last try returns or raises")
        except LockLostError:
            raise
        except (Neo4jError, DriverError, OSError, TimeoutError) as error:
            raise StoreError(self.name, error, transient=_is_transient(error), reached=reached) from error


async def _rows(transaction: AsyncTransaction, query: str, **parameters: object) -> list[dict[str, Any]]:
    result = await transaction.run(query, parameters)
    return [record["it"] async for record in result]


async def _run(transaction: AsyncTransaction, query: str, **parameters: object) -> None:
    await (await transaction.run(query, parameters)).consume()


async def _guard(transaction: AsyncTransaction, uuid: str, token: int) -> None:
    """Refuses a token older than one that has written here."""
    passed = await _rows(
        transaction,
        """
        MERGE (f:ApexSagaFence {document_uuid: $uuid}) ON CREATE SET f.token = $token
        WITH f WHERE f.token <= $token SET f.token = $token RETURN f.token AS it
        """,
        uuid=uuid,
        token=token,
    )
    if not passed:
        raise LockLostError(f"another saga has written document {uuid} to neo4j")


async def _remove(transaction: AsyncTransaction, uuid: str, *, keep_document: bool) -> None:
    await _run(transaction, "MATCH (c:ApexChunk {document_uuid: $uuid}) DETACH DELETE c", uuid=uuid)
    mentioned = await _rows(
        transaction, "MATCH (:ApexDocument {uuid: $uuid})-[:MENTIONS]->(e:ApexEntity) RETURN e.uuid AS it", uuid=uuid
    )
    await _run(transaction, "MATCH (:ApexDocument {uuid: $uuid})-[m:MENTIONS]->(:ApexEntity) DELETE m", uuid=uuid)
    await _run(
        transaction,
        "MATCH (e:ApexEntity) WHERE e.uuid IN $mentioned AND NOT (e)<-[:MENTIONS]-(:ApexDocument) DETACH DELETE e",
        mentioned=mentioned,
    )
    if not keep_document:
        await _run(transaction, "MATCH (d:ApexDocument {uuid: $uuid}) DETACH DELETE d", uuid=uuid)


async def _create(transaction: AsyncTransaction, uuid: str, contents: Contents) -> None:
    if contents["document"] is not None:
        await _run(
            transaction,
            "MERGE (d:ApexDocument {uuid: $uuid}) SET d = $properties",
            uuid=uuid,
            properties=contents["document"],
        )
    await _run(
        transaction,
        """
        MATCH (d:ApexDocument {uuid: $uuid}) UNWIND $chunks AS chunk
        CREATE (d)-[:HAS_CHUNK]->(c:ApexChunk) SET c = chunk
        """,
        uuid=uuid,
        chunks=contents["chunks"],
    )
    await _run(
        transaction,
        """
        MATCH (d:ApexDocument {uuid: $uuid}) UNWIND $entities AS entity
        MERGE (e:ApexEntity {uuid: entity.uuid}) ON CREATE SET e.name = entity.name, e.entity_type = entity.entity_type
        MERGE (d)-[:MENTIONS]->(e)
        """,
        uuid=uuid,
        entities=contents["entities"],
    )


def _is_conflict(error: Neo4jError) -> bool:
    return isinstance(error, TransientError) or error.code in _CONFLICTS


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, Neo4jError):
        return _is_conflict(error) or error.code in _TRANSIENT or "DatabaseError" in (error.code or "")
    return True
