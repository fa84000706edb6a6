"""The lock on a document, in Redis: `dtx:lock:{uuid}`, with a token, a time to live, and renewal for as long as it is
held.

The lock keeps sagas of one document from working at the same time. It cannot keep a saga that was stopped for longer
than the lock lives from waking up and writing: for that each saga has a fencing token (see saga_log)."""

import asyncio
import contextlib
import logging
import time
import uuid as uuids
from collections.abc import AsyncIterator

import redis.asyncio
from redis.exceptions import RedisError

from pipeline import defects
from pipeline.errors import LockLostError, LockNotAcquiredError, StoreError
from pipeline.settings import SagaSettings

logger = logging.getLogger(__name__)

# ARGV: token, former token, TTL in ms.
_RENEW = """
    local holder = redis.call('GET', KEYS[1])
    if holder ~= ARGV[1] and holder ~= ARGV[2] then return 0 end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
    return 1
"""
_RELEASE = """
    local holder = redis.call('GET', KEYS[1])
    if holder ~= ARGV[1] and holder ~= ARGV[2] then return 0 end
    return redis.call('DEL', KEYS[1])
"""


def lock_key(uuid: str) -> str:
    return f"dtx:lock:{uuid}"


class Lease:
    """A lock that is held, and for how long that is sure."""

    def __init__(self, lock: "DocumentLock", uuid: str) -> None:
        self.uuid = uuid
        self.token = str(uuids.uuid4())
        # The one that an undo has replaced; empty for none, which no lock has.
        self.former_token = ""
        # The saga's fencing token. Stores refuse a write whose token is not the last; with none they refuse nothing.
        self.fence: int | None = None
        # An undo goes on when the lease is over, as long as no other saga has the document.
        self.undoing = False
        self.ends = 0.0
        self._lock = lock

    def check(self, seconds: float = 0) -> None:
        """- Parameter seconds: how much longer it must last. Raises LockLostError."""
        if self.fence is None or self.undoing:
            return
        if time.monotonic() + seconds > self.ends:
            raise LockLostError(f"the lock of document {self.uuid} may be over before the write is")

    def begin_undo(self) -> None:
        """From the next renewal on the lock has another token: a write that is still on its way is refused."""
        self.undoing = True
        self.token, self.former_token = str(uuids.uuid4()), self.token

    async def regain(self) -> bool:
        """Renews the lock, or takes it again where it has run out: then true. Raises LockLostError when it is
        another's."""
        if await self._lock.renew(self):
            return False
        if await self._lock.take(self):
            return True
        raise LockLostError(f"the lock of document {self.uuid} is another's")


class DocumentLock:
    def __init__(self, client: redis.asyncio.Redis, settings: SagaSettings) -> None:
        self._client = client
        self._ttl = settings.lock_ttl
        self._tries = settings.lock_tries
        self._wait = settings.lock_wait

    @contextlib.asynccontextmanager
    async def hold(self, uuid: str) -> AsyncIterator[Lease]:
        """Raises LockNotAcquiredError where another saga keeps it, StoreError where Redis doesn't answer."""
        lease = Lease(self, uuid)
        try:
            await self._acquire(lease)
            renewal = None if defects.is_on("lock-expires") else asyncio.create_task(self._renew_on(lease))
            try:
                yield lease
            finally:
                if renewal:
                    renewal.cancel()
                    await asyncio.gather(renewal, return_exceptions=True)
        finally:
            # Also where no answer came: the lock may be ours all the same.
            await self._release(lease)

    async def close(self) -> None:
        await self._client.aclose()

    async def take(self, lease: Lease) -> bool:
        began = time.monotonic()
        async with _answers():
            taken = await self._client.set(lock_key(lease.uuid), lease.token, nx=True, px=self._ttl_ms)
            # An earlier try may have taken it, and its answer been lost.
            if not taken and await self._client.get(lock_key(lease.uuid)) != lease.token:
                return False
        lease.ends = began + self._ttl
        return True

    async def renew(self, lease: Lease) -> bool:
        """False where it is no longer held."""
        began = time.monotonic()
        async with _answers():
            renewed = await self._client.eval(
                _RENEW, 1, lock_key(lease.uuid), lease.token, lease.former_token, self._ttl_ms
            )
        if renewed:
            lease.ends = began + self._ttl
        return bool(renewed)

    @property
    def _ttl_ms(self) -> int:
        return int(self._ttl * 1000)

    async def _acquire(self, lease: Lease) -> None:
        failure: StoreError | None = None
        for left in reversed(range(self._tries)):
            try:
                if await self.take(lease):
                    return
                failure = None
            except StoreError as error:
                failure = error
            if left:
                await asyncio.sleep(self._wait)
        raise failure or LockNotAcquiredError(f"another saga works on document {lease.uuid}")

    async def _renew_on(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(self._ttl / 6)
            try:
                if not await self.renew(lease):
                    # What is begun now is refused; an undo asks for itself.
                    lease.ends = 0
            except StoreError as error:
                logger.warning("lock not renewed", extra={"uuid": lease.uuid, "error": str(error)})

    async def _release(self, lease: Lease) -> None:
        try:
            await self._client.eval(_RELEASE, 1, lock_key(lease.uuid), lease.token, lease.former_token)
        except (RedisError, OSError) as error:
            # It ends by itself.
            logger.warning("lock not released", extra={"uuid": lease.uuid, "error": str(error)})


@contextlib.asynccontextmanager
async def _answers() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreError("redis", error, transient=True) from error
