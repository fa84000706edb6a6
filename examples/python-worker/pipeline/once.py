"""One submission in one process: `python -m pipeline.once KIND DOCUMENT BUCKET KEY`.

For a tester that starts a program a submission, and gives it the addresses of its services in the environment: a worker
of its own, on a queue of its own, carries it out. The last line on standard output is the answer: `{"status":
"succeeded", "id": uuid}`, where status may be `rolled-back` (it failed, and the stores are as they were before) or
`failed` too. The workflow's id is the queue's own as well: what somebody else's workflow of the same document does is
for the lock to settle."""

import argparse
import asyncio
import json
import posixpath
import signal
import uuid
from typing import Any

from temporalio.client import Client, WorkflowFailureError

from pipeline import log
from pipeline.identity import document_uuid
from pipeline.runtime import Runtime
from pipeline.settings import Settings
from pipeline.temporal import connect, end
from pipeline.worker import working


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.once")
    parser.add_argument("kind", choices=["ingest", "re-ingest", "duplicate", "delete"])
    parser.add_argument("document", help="FOLDER/NAME: the name is the document's id, the folder its source")
    parser.add_argument("bucket")
    parser.add_argument("key", nargs="?", default="", help="FOLDER/NAME in the bucket; not for delete")
    options = parser.parse_args()
    log.set_up()
    settings = Settings.from_environment()
    client = await connect(settings.temporal)
    runtime = await Runtime.open(settings)
    try:
        print(json.dumps(await _answer(client, runtime, settings, options)), flush=True)
    finally:
        await runtime.close()


async def _answer(client: Client, runtime: Runtime, settings: Settings, options: argparse.Namespace) -> dict[str, str]:
    queue = f"{settings.temporal.task_queue}-{uuid.uuid4()}"
    source, document_id = posixpath.split(options.document)
    name, arguments = "DocumentDeletionWorkflow", [document_id, source]
    if options.kind != "delete":
        name = "DocumentIngestionWorkflow"
        arguments += [options.bucket, posixpath.dirname(options.key)]
    async with working(client, runtime, settings, queue):
        handle: Any = await client.start_workflow(
            name, args=arguments, id=f"ingest-{document_id}-{queue}", task_queue=queue
        )
        loop = asyncio.get_running_loop()
        # What is begun is undone before the answer.
        loop.add_signal_handler(signal.SIGTERM, lambda: loop.create_task(handle.cancel()))
        try:
            result = await handle.result()
        except WorkflowFailureError as error:
            result = {"status": "cancelled", "error": f"{error}: {error.cause}"}
    known = result.get("uuid", document_uuid(source, document_id))
    if result["status"] == "success":
        return {"status": "succeeded", "id": known}
    # A failed workflow has put everything back before it ends, or goes on trying.
    status = "rolled-back" if result["status"] == "failed" else "failed"
    return {"status": status, "id": known, "reason": result["error"]}


if __name__ == "__main__":
    asyncio.run(main())
    end(0)
