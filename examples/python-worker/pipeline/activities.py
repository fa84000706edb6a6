"""The activities. What they raise is judged by the retry policies of the workflow."""

import asyncio
import contextlib
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from pipeline import defects
from pipeline.download import discard
from pipeline.entities import extract_entities
from pipeline.errors import LockNotAcquiredError, StoreError
from pipeline.model import Embeddings, Entity, ParsedDocument, SagaStatus, StagedFile, WriteResult
from pipeline.parsing import parse
from pipeline.runtime import Runtime
from pipeline.saga import Halt, Order
from pipeline.stores import Version

T = TypeVar("T")
_HEARTBEAT_SECONDS = 1.0


@dataclass(frozen=True)
class Activities:
    runtime: Runtime
    # The queue on which this worker alone polls.
    own_queue: str

    @activity.defn(name="download_from_s3_activity")
    async def download(
        self, document_id: str, source: str, bucket: str | None = None, prefix: str | None = None
    ) -> StagedFile:
        staged = await asyncio.to_thread(self.runtime.downloader.download, document_id, source, bucket, prefix)
        return replace(staged, worker_queue=self.own_queue)

    @activity.defn(name="parse_document_activity")
    async def parse(self, staged: StagedFile) -> ParsedDocument:
        """The file is on the disk of the worker that downloaded it. Another worker downloads it again, and so does the
        same one where an earlier try has deleted it."""
        try:
            parsed = await asyncio.to_thread(parse, staged)
        except FileNotFoundError:
            staged = await self.download(staged.document_id, staged.source, staged.bucket, staged.prefix)
            parsed = await asyncio.to_thread(parse, staged)
        discard(Path(staged.path))
        return parsed

    @activity.defn(name="extract_entities_activity")
    async def extract_entities(self, document: ParsedDocument) -> list[Entity]:
        return extract_entities(document)

    @activity.defn(name="generate_embeddings_activity")
    async def generate_embeddings(self, document: ParsedDocument) -> Embeddings:
        return await self.runtime.embedder.embed(document)

    @activity.defn(name="write_to_databases_activity")
    async def write_to_databases(
        self, document: ParsedDocument, entities: list[Entity], embeddings: Embeddings
    ) -> WriteResult:
        version = Version(document, entities, embeddings)
        return await self._carry_out(Order(activity.info().workflow_run_id or "", document.uuid, version))

    @activity.defn(name="delete_from_databases_activity")
    async def delete_from_databases(self, uuid: str) -> WriteResult:
        return await self._carry_out(Order(activity.info().workflow_run_id or "", uuid, None))

    @activity.defn(name="restore_document_activity")
    async def restore_document(self, uuid: str) -> str:
        """For what a write activity has left: it died, or could not undo all. Says `done` where it succeeded after
        all."""
        saga = self.runtime.saga.restore(activity.info().workflow_run_id or "", uuid)
        return (await _beating(self._judged(saga))).value

    @activity.defn(name="cleanup_staging_activity")
    async def cleanup_staging(self, document_id: str, source: str) -> None:
        await asyncio.to_thread(self.runtime.downloader.discard, document_id, source)

    async def _carry_out(self, order: Order) -> WriteResult:
        halt = Halt()
        saga = asyncio.ensure_future(self._judged(self.runtime.saga.run(order, halt)))
        try:
            result = await _beating(saga if defects.is_on("compensation-cancelled") else asyncio.shield(saga))
        except asyncio.CancelledError:
            # The saga stops beginning, and undoes what it has begun; only then is this over.
            halt.set("cancelled")
            result = await _beating(_to_its_end(saga))
            if result.status is not SagaStatus.SUCCESS:
                raise
        if result.status is not SagaStatus.SUCCESS and not defects.is_on("failed-status-returned"):
            raise ApplicationError(
                result.error or result.status,
                type=result.status.value,
                non_retryable=result.status is SagaStatus.PARTIAL or not result.transient,
            )
        return result

    async def _judged(self, work: Coroutine[Any, Any, T]) -> T:
        """Says of an error whether trying again may help, and when."""
        try:
            return await work
        except LockNotAcquiredError as error:
            # The holder may be dead. Then the lock is free after its time to live, and no earlier.
            delay = timedelta(seconds=self.runtime.saga.settings.lock_ttl)
            raise ApplicationError(str(error), type="LockNotAcquiredError", next_retry_delay=delay) from error
        except StoreError as error:
            raise ApplicationError(str(error), type="StoreError", non_retryable=not error.transient) from error


async def _beating(work: Awaitable[T]) -> T:
    """Heartbeats for as long as it works: they tell the server that the worker lives, and bring a cancellation back."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_HEARTBEAT_SECONDS)

    beats = asyncio.create_task(beat())
    try:
        return await work
    finally:
        beats.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beats


async def _to_its_end(work: "asyncio.Future[T]") -> T:
    """Also when this is cancelled once more, as a worker does that has waited long enough to shut down."""
    while not work.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([work])
    return work.result()
