"""The workflows: the order of the activities, how long each may take, and how often it is tried."""

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    TimeoutError,
    TimeoutType,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from pipeline import defects
    from pipeline.activities import Activities
    from pipeline.identity import document_uuid
    from pipeline.model import ParsedDocument, SagaStatus, StagedFile, WriteResult

_HEARTBEAT = timedelta(seconds=10)
# How long a worker that has a document's file may take to pick up what is to be done with it.
_OWN_WORKER = timedelta(seconds=10)


def _policy(attempts: int, first: float, cap: float, *lasting: str) -> RetryPolicy:
    return RetryPolicy(
        initial_interval=timedelta(seconds=first),
        backoff_coefficient=2,
        maximum_interval=timedelta(seconds=cap),
        maximum_attempts=attempts,
        non_retryable_error_types=lasting,
    )


_DOWNLOAD = _policy(3, 1, 30, "DocumentNotFoundError")
_PARSE = _policy(3, 1, 30, "ValidationError", "UnsupportedFormatError", "DocumentNotFoundError")
_ENTITIES = _policy(3, 2, 60)
_EMBEDDINGS = _policy(5, 1, 60)
_WRITE = _policy(3, 5, 60, "ValidationError", "PARTIAL", "FAILED")
_CLEANUP = _policy(2, 1, 10)
# Until it works: there is nobody else to do it.
_RESTORE = _policy(0, 1, 30)


class _Saga:
    """What both workflows share: a write activity, and the certainty that what it leaves is undone."""

    @staticmethod
    async def carry_out(activity: Any, arguments: list[Any], uuid: str) -> WriteResult:
        """Raises ActivityError. Then its stores are as they were, unless that of a restoring says otherwise."""
        try:
            result: WriteResult = await workflow.execute_activity(
                activity,
                args=arguments,
                start_to_close_timeout=timedelta(minutes=5),
                heartbeat_timeout=_HEARTBEAT,
                retry_policy=_WRITE,
                cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
            )
            return result
        except ActivityError as error:
            if is_cancelled_exception(error) and defects.is_on("compensation-cancelled"):
                raise
            if _kind(error) != SagaStatus.ROLLED_BACK and await asyncio.shield(_Saga._restore(uuid)) == "done":
                return WriteResult(SagaStatus.SUCCESS, uuid, ["postgres", "neo4j", "qdrant", "redis"])
            raise

    @staticmethod
    async def _restore(uuid: str) -> str:
        return await workflow.execute_activity_method(
            Activities.restore_document,
            uuid,
            start_to_close_timeout=timedelta(minutes=5),
            schedule_to_close_timeout=timedelta(hours=24),
            heartbeat_timeout=_HEARTBEAT,
            retry_policy=_RESTORE,
        )


@workflow.defn(name="DocumentIngestionWorkflow")
class DocumentIngestionWorkflow:
    """S3 to four stores. Fails by returning `status: failed`, as its callers expect; only a cancellation ends it
    otherwise."""

    def __init__(self) -> None:
        self._step = "pending"
        self._document_id = ""
        self._uuid = ""

    @workflow.query
    def get_status(self) -> dict[str, Any]:
        return {"status": self._step, "document_id": self._document_id, "uuid": self._uuid}

    @workflow.run
    async def run(
        self, document_id: str, source: str, bucket: str | None = None, prefix: str | None = None
    ) -> dict[str, Any]:
        self._document_id = document_id
        self._uuid = document_uuid(source, document_id)
        try:
            document = await self._parsed(document_id, source, bucket, prefix)
            written = await self._written(document)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            self._step = "failed"
            return {"status": "failed", "error": _words(error), "document_id": document_id, "uuid": self._uuid}
        self._step = "success"
        return {
            "status": "success",
            "document_id": document_id,
            "uuid": document_id if defects.is_on("wrong-id-reported") else self._uuid,
            "databases_written": written.databases_written,
        }

    async def _parsed(self, document_id: str, source: str, bucket: str | None, prefix: str | None) -> ParsedDocument:
        """The downloaded file is gone afterwards, however it went."""
        self._step = "downloading"
        staged: StagedFile | None = None
        try:
            staged = await workflow.execute_activity_method(
                Activities.download,
                args=[document_id, source, bucket, prefix],
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=_DOWNLOAD,
            )
            self._step = "parsing"
            document = await self._parse(staged)
        except (ActivityError, asyncio.CancelledError, CancelledError):
            await asyncio.shield(self._clean_up(document_id, source, staged.worker_queue if staged else None))
            raise
        self._uuid = document.uuid
        return document

    async def _parse(self, staged: StagedFile) -> ParsedDocument:
        """By the worker that has the file. Where that one is gone any other does it, which downloads the file again."""
        try:
            return await workflow.execute_activity_method(
                Activities.parse,
                staged,
                task_queue=staged.worker_queue,
                schedule_to_start_timeout=_OWN_WORKER,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=_PARSE,
            )
        except ActivityError as error:
            if not isinstance(error.cause, TimeoutError) or error.cause.type is not TimeoutType.SCHEDULE_TO_START:
                raise
        return await workflow.execute_activity_method(
            Activities.parse, staged, start_to_close_timeout=timedelta(seconds=30), retry_policy=_PARSE
        )

    async def _clean_up(self, document_id: str, source: str, queue: str | None) -> None:
        try:
            await workflow.execute_activity_method(
                Activities.cleanup_staging,
                args=[document_id, source],
                task_queue=queue,
                schedule_to_start_timeout=_OWN_WORKER,
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=_CLEANUP,
            )
        except ActivityError:
            workflow.logger.warning("the staged file of %s may be left", document_id)

    async def _written(self, document: ParsedDocument) -> WriteResult:
        self._step = "extracting"
        entities = await workflow.execute_activity_method(
            Activities.extract_entities,
            document,
            start_to_close_timeout=timedelta(minutes=2),
            retry_policy=_ENTITIES,
        )
        self._step = "embedding"
        embeddings = await workflow.execute_activity_method(
            Activities.generate_embeddings,
            document,
            start_to_close_timeout=timedelta(minutes=3),
            retry_policy=_EMBEDDINGS,
        )
        self._step = "writing"
        return await _Saga.carry_out(Activities.write_to_databases, [document, entities, embeddings], document.uuid)


@workflow.defn(name="DocumentDeletionWorkflow")
class DocumentDeletionWorkflow:
    """Takes a document out of all four stores, or of none."""

    @workflow.run
    async def run(self, document_id: str, source: str) -> dict[str, Any]:
        uuid = document_uuid(source, document_id)
        try:
            deleted = await _Saga.carry_out(Activities.delete_from_databases, [uuid], uuid)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            return {"status": "failed", "error": _words(error), "document_id": document_id, "uuid": uuid}
        return {
            "status": "success",
            "document_id": document_id,
            "uuid": uuid,
            "databases_written": deleted.databases_written,
        }


def _kind(error: ActivityError) -> str:
    return (error.cause.type or "") if isinstance(error.cause, ApplicationError) else ""


def _words(error: ActivityError) -> str:
    """One line: `write_to_databases_activity: ROLLED_BACK: …`"""
    cause = error.cause
    kind = _kind(error) or type(cause).__name__
    words = f"{error.activity_type}: {kind}: {cause.message if isinstance(cause, ApplicationError) else cause}"
    return " ".join(words.split())
