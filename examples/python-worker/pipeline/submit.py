"""The client: `python -m pipeline.submit DOC …` uploads files, ingests each, and prints the results as JSON lines."""

import argparse
import asyncio
import json
import mimetypes
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import WorkflowAlreadyStartedError

from pipeline.download import object_key, s3_client
from pipeline.settings import Settings
from pipeline.temporal import connect, end


async def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m pipeline.submit", description=__doc__)
    parser.add_argument("documents", nargs="+", metavar="DOC", help="a file; with --delete or --stored a document's id")
    parser.add_argument("--source", default="api", help="where the documents come from (%(default)s)")
    parser.add_argument("--bucket", help="APEX_DOCUMENTS_BUCKET unless given")
    parser.add_argument("--prefix", help="folder in the bucket; the source unless given")
    parser.add_argument("--content-type", help="guessed from the name unless given")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--stored", action="store_true", help="the documents are in S3 already")
    kind.add_argument("--delete", action="store_true", help="take the documents out of the stores")
    options = parser.parse_args()
    settings = Settings.from_environment()
    client = await connect(settings.temporal)
    results = await asyncio.gather(*(_submit(client, settings, document, options) for document in options.documents))
    for result in results:
        print(json.dumps(result))
    return 0 if all(result["status"] == "success" for result in results) else 1


async def _submit(client: Client, settings: Settings, document: str, options: argparse.Namespace) -> dict[str, Any]:
    if options.delete:
        return await start(client, settings.temporal.task_queue, "DocumentDeletionWorkflow", document, options.source)
    prefix = options.prefix if options.prefix is not None else options.source
    document_id = document
    if not options.stored:
        path = Path(document)
        document_id = path.name
        content_type = options.content_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        await asyncio.to_thread(
            s3_client(settings).put_object,
            Bucket=options.bucket or settings.s3.bucket,
            Key=object_key(document_id, prefix),
            Body=path.read_bytes(),
            ContentType=content_type,
        )
    return await start(
        client,
        settings.temporal.task_queue,
        "DocumentIngestionWorkflow",
        document_id,
        options.source,
        options.bucket,
        prefix,
    )


async def start(client: Client, task_queue: str, workflow: str, document_id: str, *arguments: Any) -> dict[str, Any]:
    """Waits for the result. One workflow at a time works on a document: while another does, that one is waited for
    first, since it may have read an older version."""
    workflow_id = f"ingest-{document_id}"
    while True:
        try:
            handle: Any = await client.start_workflow(
                workflow, args=[document_id, *arguments], id=workflow_id, task_queue=task_queue
            )
            break
        except WorkflowAlreadyStartedError:
            try:
                await client.get_workflow_handle(workflow_id).result()
            except WorkflowFailureError:
                pass
    try:
        result: dict[str, Any] = await handle.result()
        return result
    except WorkflowFailureError as error:
        return {"status": "failed", "error": f"{error}: {error.cause}", "document_id": document_id}


if __name__ == "__main__":
    end(asyncio.run(main()))
