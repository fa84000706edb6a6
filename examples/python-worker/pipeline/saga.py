"""The saga that writes a document to four stores, or to none.

1. The result of the same operation, where it is known already.
2. The lock on the document, and once more the known result.
3. The next fencing token, what stands in the four stores, and both in the saga log: from here on somebody else could
   undo.
4. Four parallel writes, each tried a few times. `done` in the log is the point of no return.
5. Where a write fails for good: every store that may have been reached gets back what stood before, answered or not.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pipeline import defects
from pipeline.breaker import Breaker
from pipeline.dead_letters import DeadLetters
from pipeline.errors import LockLostError, RestoreFailedError, StoreError
from pipeline.idempotency import ResultCache, idempotency_key
from pipeline.lock import DocumentLock, Lease
from pipeline.model import SagaStatus, WriteResult
from pipeline.settings import SagaSettings
from pipeline.stores import Contents, Store, Version
from pipeline.stores.saga_log import SagaEntry, SagaLog, SagaState

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Order:
    """What a saga is to bring about."""

    # The workflow run: a repeated try of it is the same order, a resubmission is another.
    submission: str
    uuid: str
    # Nothing: to delete it.
    version: Version | None

    @property
    def digest(self) -> str:
        return self.version.document.digest if self.version else "deleted"


class Halt:
    """Says that no further try may begin. Tries that are under way come to their end: one given up could land after its
    undo."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason: str | None = None

    def __bool__(self) -> bool:
        return self._event.is_set()

    def set(self, reason: str) -> None:
        self.reason = self.reason or reason
        self._event.set()

    async def sleep(self, seconds: float) -> None:
        """Not longer than until it is set."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            pass


@dataclass
class _Outcome:
    """What became of one store's write."""

    store: Store
    written: bool = False
    reached: bool = False
    error: StoreError | None = None
    lost: LockLostError | None = None


@dataclass(frozen=True)
class WriteSaga:
    stores: list[Store]
    log: SagaLog
    lock: DocumentLock
    cache: ResultCache
    breakers: dict[str, Breaker]
    dead_letters: DeadLetters
    settings: SagaSettings

    async def run(self, order: Order, halt: Halt) -> WriteResult:
        """Raises StoreError, LockNotAcquiredError and LockLostError where it has written nothing, has no longer the
        right to undo what it has, or cannot tell whether it is done. The log knows; `run` again or `restore` goes on
        from it."""
        key = idempotency_key("write_to_databases", {"uuid": order.uuid, "digest": order.digest})
        if known := await self.cache.find(key):
            return known
        async with self.lock.hold(order.uuid) as lease:
            # It may have been the one that held the lock until now.
            if known := await self.cache.find(key):
                return known
            entry = await self._retried(lambda: self.log.begin(order.uuid), halt)
            if not defects.is_on("lock-expires"):
                lease.fence = entry.token
            if _is_done(entry, order):
                result = WriteResult(SagaStatus.SUCCESS, order.uuid, [store.name for store in self.stores])
            else:
                result = await self._carry_out(order, entry, lease, halt)
            if result.status is SagaStatus.SUCCESS or defects.is_on("rolled-back-result-cached"):
                await self.cache.keep(key, result, entry.token)
            return result

    async def restore(self, submission: str, uuid: str) -> SagaState:
        """Undoes what a saga left open, whoever began it. `done` says that the submission has taken effect after all.
        Raises RestoreFailedError."""
        async with self.lock.hold(uuid) as lease:
            entry = await self.log.begin(uuid)
            lease.fence = entry.token
            if entry.state is SagaState.DONE and entry.submission == submission:
                return SagaState.DONE
            if entry.state is SagaState.OPEN and entry.former is not None:
                if failures := await self._compensate(self.stores, entry.former, lease):
                    await self.dead_letters.record(uuid, failures)
                    raise RestoreFailedError(f"document {uuid}: {'; '.join(failures.values())}")
                await self.dead_letters.resolve(uuid)
            return SagaState.UNDONE

    async def _carry_out(self, order: Order, entry: SagaEntry, lease: Lease, halt: Halt) -> WriteResult:
        takes_over = entry.state is SagaState.OPEN and entry.former is not None
        if takes_over and not defects.is_on("former-forgotten"):
            former = entry.former or {}
        else:
            former = await self._retried(lambda: self._read_all(order.uuid), halt)
        wanted = {store.name: store.contents_of(order.version) if order.version else None for store in self.stores}
        stores = self.stores
        if defects.is_on("cache-first"):
            stores = [store for store in self.stores if store.name != "redis"]
            (cache,) = (store for store in self.stores if store.name == "redis")
            await cache.write(order.uuid, wanted["redis"], lease)
        await self._retried(lambda: self.log.open(lease, former, order.submission, order.digest), halt)

        outcomes = await asyncio.gather(
            *(self._write(store, order.uuid, wanted[store.name], lease, halt) for store in stores)
        )
        if lost := next((outcome.lost for outcome in outcomes if outcome.lost), None):
            raise lost
        failed = [outcome for outcome in outcomes if not outcome.written]
        written = [outcome.store.name for outcome in outcomes if outcome.written]
        if failed and written and defects.is_on("partial-is-success"):
            return WriteResult(SagaStatus.SUCCESS, order.uuid, written)
        if not failed:
            # Also when halted: the writes are all done. When this fails nobody knows whether it is said, and an undo
            # would be wrong where it is. The next try of the activity reads it, and goes on from there.
            await self._retried(lambda: self.log.close(lease, SagaState.DONE), Halt())
            return WriteResult(SagaStatus.SUCCESS, order.uuid, [store.name for store in self.stores])
        # Those that a saga before this one may have reached are to be undone as well.
        undone = [outcome.store for outcome in outcomes if outcome.reached or takes_over]
        if defects.is_on("undo-answered-only"):
            undone = [outcome.store for outcome in outcomes if outcome.written]
        failures = await self._compensate(undone, former, lease)
        return await self._failed(order.uuid, failed, failures, halt)

    async def _failed(self, uuid: str, failed: list[_Outcome], failures: dict[str, str], halt: Halt) -> WriteResult:
        errors = [str(outcome.error) for outcome in failed if outcome.error] or [halt.reason or "stopped"]
        lasting = any(outcome.error and not outcome.error.transient for outcome in failed)
        status = SagaStatus.ROLLED_BACK
        try:
            if failures:
                await self.dead_letters.record(uuid, failures)
                status = SagaStatus.PARTIAL
        except TypeError:
            logger.exception("dead letter not written", extra={"uuid": uuid})
            if not defects.is_on("dead-letter-breaks"):
                raise
        details = errors + [f"not undone: {error}" for error in failures.values()]
        return WriteResult(status, uuid, [], error="; ".join(details), transient=not lasting)

    async def _read_all(self, uuid: str) -> dict[str, Contents | None]:
        found = await asyncio.gather(*(store.read(uuid) for store in self.stores))
        return {store.name: contents for store, contents in zip(self.stores, found, strict=True)}

    async def _write(self, store: Store, uuid: str, contents: Contents | None, lease: Lease, halt: Halt) -> _Outcome:
        """Tries until it is written, failed for good, or halted; the first that fails halts the others. Raises nothing:
        all four must have come to their end before anything is undone."""
        outcome = _Outcome(store)
        breaker = self.breakers[store.name]
        try:
            breaker.enter()
        except StoreError as error:
            outcome.error = error
            halt.set(str(error))
            return outcome
        for wait in [*self.settings.waits, None]:
            if halt:
                break
            try:
                await self._try(store, uuid, contents, lease)
                breaker.succeeded()
                outcome.written = outcome.reached = True
                break
            except LockLostError as error:
                outcome.lost = error
                halt.set(str(error))
                break
            except StoreError as error:
                failure = error
            except Exception as error:
                logger.exception("write failed", extra={"uuid": uuid, "store": store.name})
                failure = StoreError(store.name, error, transient=False)
            outcome.error = failure
            outcome.reached |= failure.reached
            logger.warning("write failed", extra={"uuid": uuid, "store": store.name, "error": str(failure)})
            if not failure.transient or wait is None:
                if failure.transient:
                    breaker.failed()
                halt.set(str(failure))
            else:
                await halt.sleep(wait)
        return outcome

    async def _try(self, store: Store, uuid: str, contents: Contents | None, lease: Lease) -> None:
        for left in reversed(range(4 if defects.is_on("nested-retries") else 1)):
            try:
                lease.check()
                await store.write(uuid, contents, lease)
                return
            except StoreError as error:
                if not left or not error.transient:
                    raise

    async def _compensate(
        self, stores: list[Store], former: dict[str, Contents | None], lease: Lease
    ) -> dict[str, str]:
        """Puts back what stood before, and closes the saga. What could not be put back, by the store's name.
        Raises LockLostError when another saga has taken over: the undoing is its own then."""
        lease.begin_undo()
        deadline = time.monotonic() + self.settings.compensation
        results = await asyncio.gather(
            *(self._undo(store, former.get(store.name), lease, deadline) for store in stores), return_exceptions=True
        )
        failures: dict[str, str] = {}
        for store, result in zip(stores, results, strict=True):
            if isinstance(result, BaseException):
                raise result
            if result:
                failures[store.name] = result
        if not failures:
            error = await self._until(deadline, lambda: self.log.close(lease, SagaState.UNDONE))
            if error:
                failures["postgres"] = error
        return failures

    async def _undo(self, store: Store, former: Contents | None, lease: Lease, deadline: float) -> str | None:
        contents = None if defects.is_on("delete-instead-of-restore") else former

        async def undo() -> None:
            await self._stay_owner(lease, needs_lock=store.name == "redis")
            await store.write(lease.uuid, contents, lease)

        return await self._until(deadline, undo)

    async def _stay_owner(self, lease: Lease, *, needs_lock: bool) -> None:
        """Raises LockLostError when another saga has, or has had, the document."""
        if lease.fence is None:
            return
        try:
            had_gone = await lease.regain()
        except StoreError:
            # Without Redis nobody else takes the lock either.
            if needs_lock:
                raise
            return
        if had_gone:
            entry = await self.log.current(lease.uuid)
            if entry is None or entry.token != lease.fence:
                raise LockLostError(f"another saga has taken document {lease.uuid}")

    async def _until(self, deadline: float, work: Callable[[], Awaitable[None]]) -> str | None:
        """Repeats it until it works; else the last error."""
        wait = 0.1
        while True:
            try:
                await work()
                return None
            except StoreError as error:
                if time.monotonic() + wait > deadline:
                    return str(error)
                logger.warning("undo failed", extra={"error": str(error)})
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5)

    async def _retried(self, work: Callable[[], Awaitable[T]], halt: Halt) -> T:
        for wait in self.settings.waits:
            try:
                return await work()
            except StoreError as error:
                if not error.transient or halt:
                    raise
                logger.warning("call failed", extra={"error": str(error)})
            await halt.sleep(wait)
        return await work()


def _is_done(entry: SagaEntry, order: Order) -> bool:
    """This very order was carried out, and its answer was lost."""
    return entry.state is SagaState.DONE and (entry.submission, entry.digest) == (order.submission, order.digest)
