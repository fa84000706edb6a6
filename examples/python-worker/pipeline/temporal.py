"""The connection to Temporal, and a worker on it."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from pipeline.activities import Activities
from pipeline.runtime import Runtime
from pipeline.settings import Settings
from pipeline.workflow import DocumentDeletionWorkflow, DocumentIngestionWorkflow

_CONNECT_SECONDS = 20


async def connect(settings: Settings) -> Client:
    """Waits a while for a server that is not up yet. Ends the program with one line when there is none."""
    deadline = asyncio.get_running_loop().time() + _CONNECT_SECONDS
    while True:
        try:
            return await Client.connect(
                settings.temporal.address,
                namespace=settings.temporal.namespace,
                connect_timeout=timedelta(seconds=5),
            )
        except RuntimeError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise SystemExit(f"no Temporal server at {settings.temporal.address}: {error}") from None
            await asyncio.sleep(0.5)


def make_worker(client: Client, runtime: Runtime, settings: Settings, task_queue: str) -> Worker:
    activities = Activities(runtime)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[DocumentIngestionWorkflow, DocumentDeletionWorkflow],
        activities=[
            activities.download,
            activities.parse,
            activities.extract_entities,
            activities.generate_embeddings,
            activities.write_to_databases,
            activities.delete_from_databases,
            activities.restore_document,
            activities.cleanup_staging,
        ],
        max_concurrent_workflow_tasks=settings.temporal.max_workflow_tasks,
        max_concurrent_activities=settings.temporal.max_activities,
        # Longer, and a cancellation comes late.
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        graceful_shutdown_timeout=timedelta(seconds=settings.shutdown_seconds),
    )
