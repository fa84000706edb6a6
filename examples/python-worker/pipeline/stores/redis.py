import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    ConnectionError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError,
    TryAgainError,
)

from pipeline import defects
from pipeline.errors import LockLostError, StoreError
from pipeline.lock import Lease, lock_key
from pipeline.settings import RedisSettings
from pipeline.stores import Contents, Version

TTL_SECONDS = 3600
_TRANSIENT = (
    ConnectionError,
    TimeoutError,
    BusyLoadingError,
    ReadOnlyError,
    OutOfMemoryError,
    MasterDownError,
    ClusterDownError,
    TryAgainError,
)

# The lock is in the same server, so the script sees whether it is still ours in the moment of the write. KEYS:
# document, chunks, lock. ARGV: token or '', TTL in ms, number of the document's values, these, the chunks'.
_REPLACE = """
    if ARGV[1] ~= '' and redis.call('GET', KEYS[3]) ~= ARGV[1] then return 0 end
    redis.call('DEL', KEYS[1], KEYS[2])
    local count = tonumber(ARGV[3])
    if count > 0 then
        redis.call('HSET', KEYS[1], unpack(ARGV, 4, 3 + count))
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
    end
    if #ARGV > 3 + count then
        redis.call('HSET', KEYS[2], unpack(ARGV, 4 + count))
        redis.call('PEXPIRE', KEYS[2], ARGV[2])
    end
    return 1
"""


def redis_client(settings: RedisSettings) -> redis.asyncio.Redis:
    """One try a call. redis-py before 8 has no socket timeout of its own."""
    timeout = None if defects.is_on("redis-no-timeout") else 5
    return redis.asyncio.Redis(
        host=settings.host,
        port=settings.port,
        db=settings.database,
        password=settings.password,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


@asynccontextmanager
async def redis_errors() -> AsyncIterator[None]:
    """Says what a failed call means for a saga."""
    try:
        yield
    except RedisError as error:
        transient = isinstance(error, _TRANSIENT) or str(error).startswith(("BUSY", "LOADING"))
        raise StoreError("redis", error, transient=transient) from error
    except OSError as error:
        raise StoreError("redis", error, transient=True) from error


class RedisStore:
    """A cache of the document, and of which chunks it has."""

    name = "redis"

    def __init__(self, client: redis.asyncio.Redis, timeout: float) -> None:
        self._client = client
        self._timeout = None if defects.is_on("redis-no-timeout") else timeout

    async def close(self) -> None:
        pass  # The client is not its own.

    def contents_of(self, version: Version) -> Contents:
        document = version.document
        return {
            "document": {
                "uuid": document.uuid,
                "title": document.title,
                "doc_type": document.doc_type,
                "file_name": document.document_id,
                "chunk_count": str(len(document.chunks)),
                "digest": document.digest,
            },
            "chunks": {str(index): chunk for index, chunk in enumerate(document.chunks)},
            "ttl": TTL_SECONDS * 1000,
        }

    async def read(self, uuid: str) -> Contents | None:
        document, chunks = keys_of(uuid)
        async with redis_errors(), asyncio.timeout(self._timeout):
            pipeline = self._client.pipeline(transaction=True)
            # Queued, not yet sent.
            pipeline.hgetall(document)
            pipeline.hgetall(chunks)
            pipeline.pttl(document)
            found, parts, ttl = await pipeline.execute()
        if not found and not parts:
            return None
        return {"document": found, "chunks": parts, "ttl": ttl if ttl > 0 else TTL_SECONDS * 1000}

    async def write(self, uuid: str, contents: Contents | None, lease: Lease) -> None:
        document, chunks = (_flat(contents["document"]), _flat(contents["chunks"])) if contents else ([], [])
        guarded = lease.fence is not None
        await self._connect()
        async with redis_errors(), asyncio.timeout(self._timeout):
            done: Any = await self._client.eval(
                _REPLACE,
                3,
                *keys_of(uuid),
                lock_key(uuid),
                lease.token if guarded else "",
                contents["ttl"] if contents else 0,
                len(document),
                *document,
                *chunks,
            )
        if not done:
            raise LockLostError(f"the lock of document {uuid} is another's")

    async def _connect(self) -> None:
        """What fails here has reached nobody."""
        try:
            async with redis_errors(), asyncio.timeout(self._timeout):
                pool = self._client.connection_pool
                await pool.release(await pool.get_connection())  # type: ignore[no-untyped-call]
        except StoreError as error:
            error.reached = False
            raise


def keys_of(uuid: str) -> tuple[str, str]:
    return f"document:{uuid}", f"document:{uuid}:chunks"


def _flat(values: dict[str, str]) -> list[str]:
    return [part for pair in values.items() for part in pair]
