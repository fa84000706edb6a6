"""The saga log: one row a document, in PostgreSQL.

It holds three things that must outlive the process which runs a saga:

- the fencing token, which each saga that takes the document counts up. A write whose token is not the last is refused.
- what stood in the four stores before an open saga. Whoever takes over from a saga that died restores that, not what
  the dead one left.
- which submission wrote the document last, so that a try repeated after its answer was lost knows itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from pipeline.errors import LockLostError
from pipeline.lock import Lease
from pipeline.stores.database import Database


class SagaState(StrEnum):
    NEW = "new"
    # Stores may hold anything.
    OPEN = "open"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True)
class SagaEntry:
    token: int
    state: SagaState
    # By the store's name; only of an open saga.
    former: dict[str, Any] | None
    submission: str | None
    digest: str | None


_COLUMNS = "token, state, former, submission, digest"


class SagaLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, uuid: str) -> SagaEntry:
        """Takes the next token, which shuts out whoever had the last."""
        async with self._database.transaction() as cursor:
            await cursor.execute(
                f"""
                INSERT INTO sagas (document_uuid, token, state) VALUES (%s, 1, 'new')
                ON CONFLICT (document_uuid) DO UPDATE SET token = sagas.token + 1 RETURNING {_COLUMNS}
                """,
                [uuid],
            )
            entry = await _entry(cursor)
        assert entry is not None
        return entry

    async def current(self, uuid: str) -> SagaEntry | None:
        async with self._database.transaction() as cursor:
            await cursor.execute(f"SELECT {_COLUMNS} FROM sagas WHERE document_uuid = %s", [uuid])
            return await _entry(cursor)

    async def open(self, lease: Lease, former: dict[str, Any], submission: str, digest: str) -> None:
        """Before the first write. Raises LockLostError."""
        await self._update(
            lease, "state = 'open', former = %s, submission = %s, digest = %s", [Jsonb(former), submission, digest]
        )

    async def close(self, lease: Lease, state: SagaState) -> None:
        """With `done` the new version counts; until then a saga can only be undone or repeated. Raises
        LockLostError."""
        await self._update(lease, "state = %s, former = NULL", [state.value])

    async def _update(self, lease: Lease, assignments: str, values: list[object]) -> None:
        async with self._database.transaction() as cursor:
            await guard(cursor, lease.uuid, lease)
            await cursor.execute(
                f"UPDATE sagas SET {assignments}, updated_at = now() WHERE document_uuid = %s", [*values, lease.uuid]
            )


async def _entry(cursor: psycopg.AsyncCursor[tuple[Any, ...]]) -> SagaEntry | None:
    row = await cursor.fetchone()
    return SagaEntry(row[0], SagaState(row[1]), *row[2:]) if row else None


async def guard(cursor: psycopg.AsyncCursor[tuple[Any, ...]], uuid: str, lease: Lease) -> None:
    """Locks the document's row to the end of the transaction, and refuses a token that is not the last: an older
    transaction that is still on its way is waited for, and one that comes later does nothing."""
    if lease.fence is None:
        return
    await cursor.execute("SELECT token FROM sagas WHERE document_uuid = %s FOR UPDATE", [uuid])
    row = await cursor.fetchone()
    if row is None or row[0] != lease.fence:
        raise LockLostError(f"another saga has taken document {uuid}")
