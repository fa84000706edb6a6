"""The worker: `python -m pipeline.worker`.

When it polls, it prints `{"event": "ready", …}` and writes the file that WORKER_READY_FILE names. On SIGTERM and SIGINT
it takes nothing new, gives what it has WORKER_SHUTDOWN_SECONDS to end, and then undoes it: Temporal gives it to another
worker."""

import asyncio
import json
import os
import signal
import socket
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from pipeline import defects, log
from pipeline.activities import Activities
from pipeline.runtime import Runtime
from pipeline.settings import Settings
from pipeline.temporal import connect, end
from pipeline.workflow import DocumentDeletionWorkflow, DocumentIngestionWorkflow


async def main() -> None:
    log.set_up()
    settings = Settings.from_environment()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await connect(settings.temporal)
    runtime = await Runtime.open(settings)
    try:
        async with working(client, runtime, settings, settings.temporal.task_queue):
            _tell(settings, "ready")
            await stop.wait()
            _tell(settings, "stopping")
    finally:
        await runtime.close()
        if settings.ready_file:
            settings.ready_file.unlink(missing_ok=True)


@asynccontextmanager
async def working(client: Client, runtime: Runtime, settings: Settings, task_queue: str) -> AsyncIterator[None]:
    """Polls the queue, and one of this worker's own for what needs the files on its disk."""
    own_queue = f"{task_queue}-{socket.gethostname()}-{uuid.uuid4()}"
    activities = Activities(runtime, own_queue)
    shutdown = timedelta(seconds=settings.shutdown_seconds)
    shared = Worker(
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
        graceful_shutdown_timeout=shutdown,
    )
    own = Worker(
        client,
        task_queue=own_queue,
        activities=[activities.parse, activities.cleanup_staging],
        max_concurrent_activities=settings.temporal.max_activities,
        graceful_shutdown_timeout=shutdown,
    )
    await asyncio.to_thread(runtime.downloader.sweep)
    async with own, shared:
        yield


def _tell(settings: Settings, event: str) -> None:
    line = json.dumps(
        {
            "event": event,
            "pid": os.getpid(),
            "task_queue": settings.temporal.task_queue,
            "defects": sorted(defects.PLANTED),
        }
    )
    if event == "ready" and settings.ready_file:
        settings.ready_file.write_text(line + "\n")
    print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
    end(0)
