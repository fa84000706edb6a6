"""The worker as a process, on Temporal."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from temporalio.client import Client, WorkflowFailureError

from tests import files
from tests.relay import WRITES, Fate, OpenRelay, closed_port, through
from tests.stores import Stores
from tests.submitting import digest, ingest, upload, uuid_of
from tests.worker_process import WorkerProcess

StartWorker = Callable[..., WorkerProcess]
Connect = Callable[[], AbstractAsyncContextManager[Client]]
_FOLDER = Path(__file__).resolve().parents[1]


async def test_a_resubmission_is_harmless_and_a_new_version_replaces_the_old(
    worker: StartWorker, temporal: Connect, stores: Stores, document_id: str
) -> None:
    queue = worker().task_queue
    async with temporal() as client:
        for content in (files.text(1, 8), files.text(1, 8), files.text(2, 3)):
            upload(document_id, content)
            result = await ingest(client, queue, document_id)
            assert (result["status"], result["uuid"]) == ("success", uuid_of(document_id))
            stores.assert_whole(uuid_of(document_id), digest(content))
        handle = client.get_workflow_handle(f"ingest-{document_id}")
        assert await handle.query("get_status") == {
            "status": "success",
            "document_id": document_id,
            "uuid": uuid_of(document_id),
        }
    assert stores.uuids_of(document_id) == [uuid_of(document_id)]


async def test_workers_need_no_common_staging_folder(
    worker: StartWorker, temporal: Connect, stores: Stores, document_id: str, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    workers = [worker(STAGING_BASE_DIR=str(folder)) for folder in folders]
    names = [f"{number}-{document_id}" for number in range(6)]
    for name in names:
        upload(name, files.text())
    async with temporal() as client:
        results = await asyncio.gather(*(ingest(client, workers[0].task_queue, name) for name in names))
        assert {result["status"] for result in results} == {"success"}
        assert all(list(folder.iterdir()) == [] for folder in folders if folder.exists())


async def test_two_submissions_at_once_end_with_what_s3_has(
    worker: StartWorker, temporal: Connect, stores: Stores, document_id: str
) -> None:
    queue = worker().task_queue
    upload(document_id, files.text(1))
    async with temporal() as client:
        results = await asyncio.gather(*(ingest(client, queue, document_id) for _ in range(3)))
    assert {result["status"] for result in results} == {"success"}
    stores.assert_whole(uuid_of(document_id), digest(files.text(1)))


async def test_a_store_that_fails_to_the_end_fails_the_document_and_keeps_its_former_version(
    worker: StartWorker,
    temporal: Connect,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
) -> None:
    network, changed = through(relay, environment, "neo4j")
    queue = worker(**changed).task_queue
    async with temporal() as client:
        upload(document_id, files.text(1))
        assert (await ingest(client, queue, document_id))["status"] == "success"

        # Each try of the activity tries the write more than once. The undo writes the former revision, and gets through.
        refused = 0

        def rule(piece: bytes) -> Fate:
            nonlocal refused
            if b"Revision 2." not in piece:
                return Fate.PASS
            refused += 1
            return Fate.REFUSE

        network.rule = rule
        upload(document_id, files.text(2))
        result = await ingest(client, queue, document_id)
    assert result["status"] == "failed"
    assert result["error"].startswith("write_to_databases_activity: ROLLED_BACK: neo4j: ")
    assert refused > 3
    stores.assert_whole(uuid_of(document_id), digest(files.text(1)))


async def test_a_closed_port_fails_the_document(
    worker: StartWorker, temporal: Connect, stores: Stores, document_id: str
) -> None:
    queue = worker(QDRANT_HOST="127.0.0.1", QDRANT_PORT=str(closed_port())).task_queue
    upload(document_id, files.text())
    async with temporal() as client:
        result = await ingest(client, queue, document_id)
    assert result["status"] == "failed"
    assert "qdrant" in result["error"]
    stores.assert_gone(uuid_of(document_id))


async def test_what_an_activity_cannot_undo_the_workflow_has_undone(
    worker: StartWorker,
    temporal: Connect,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
) -> None:
    network, changed = through(relay, environment, "qdrant")
    queue = worker(**changed, SAGA_COMPENSATION_SECONDS="0.2").task_queue
    network.fail(b"POST /collections/apex_documents/points/delete", Fate.REFUSE)
    upload(document_id, files.text())
    async with temporal() as client:
        submission = asyncio.create_task(ingest(client, queue, document_id))
        while stores.dead_letters(uuid_of(document_id)) != {"qdrant": "pending"}:
            await asyncio.sleep(0.05)
            assert not submission.done()
        network.heal()
        result = await submission
    assert (result["status"], "PARTIAL" in result["error"]) == ("failed", True)
    stores.assert_gone(uuid_of(document_id))
    assert stores.dead_letters(uuid_of(document_id)) == {"qdrant": "resolved"}


async def test_a_cancelled_workflow_undoes_its_writes(
    worker: StartWorker,
    temporal: Connect,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
) -> None:
    network, changed = through(relay, environment, "qdrant")
    queue = worker(**changed).task_queue
    async with temporal() as client:
        upload(document_id, files.text(1))
        assert (await ingest(client, queue, document_id))["status"] == "success"
        network.fail(WRITES["qdrant"], Fate.HOLD, times=1)
        upload(document_id, files.text(2))
        handle = await client.start_workflow(
            "DocumentIngestionWorkflow",
            args=[document_id, "tests", None, "tests"],
            id=f"ingest-{document_id}",
            task_queue=queue,
        )
        await asyncio.to_thread(network.struck.wait, 60)
        await handle.cancel()
        # The held call is given up after its time: with its end the undo begins.
        try:
            await asyncio.wait_for(handle.result(), 60)
            raise AssertionError("it was not cancelled")
        except WorkflowFailureError:
            pass
    stores.assert_whole(uuid_of(document_id), digest(files.text(1)))


async def test_another_worker_ends_what_a_killed_one_began(
    worker: StartWorker,
    temporal: Connect,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
) -> None:
    network, changed = through(relay, environment, "qdrant")
    victim = worker(**changed)
    network.fail(WRITES["qdrant"], Fate.HOLD)
    upload(document_id, files.text())
    async with temporal() as client:
        submission = asyncio.create_task(ingest(client, victim.task_queue, document_id))
        await asyncio.to_thread(network.struck.wait, 60)
        victim.kill()
        worker()
        result = await submission
    assert result["status"] == "success"
    stores.assert_whole(uuid_of(document_id), digest(files.text()))


async def test_sigterm_lets_what_is_under_way_end(
    worker: StartWorker,
    temporal: Connect,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    network, changed = through(relay, environment, "qdrant")
    sign = tmp_path / "ready"
    first = worker(WORKER_READY_FILE=str(sign), **changed)
    assert json.loads(sign.read_text())["event"] == "ready"
    network.fail(WRITES["qdrant"], Fate.HOLD)
    upload(document_id, files.text())
    async with temporal() as client:
        submission = asyncio.create_task(ingest(client, first.task_queue, document_id))
        await asyncio.to_thread(network.struck.wait, 60)
        ended = asyncio.create_task(asyncio.to_thread(first.terminate))
        network.heal()
        assert await ended == 0
        # It has written; the rest of the workflow is for the next worker.
        stores.assert_whole(uuid_of(document_id), digest(files.text()))
        worker()
        assert (await submission)["status"] == "success"
    assert not sign.exists()
    assert all(json.loads(line)["message"] for line in first.log)


def test_the_client_uploads_ingests_and_deletes(
    worker: StartWorker, stores: Stores, environment: dict[str, str], document_id: str, tmp_path: Path
) -> None:
    variables = {**environment, "TEMPORAL_TASK_QUEUE": worker().task_queue}
    path = tmp_path / document_id
    path.write_bytes(files.text())

    def submit(*arguments: str) -> dict[str, object]:
        command = [sys.executable, "-m", "pipeline.submit", "--source", "tests", *arguments]
        answer = subprocess.run(
            command, cwd=_FOLDER, env=variables, capture_output=True, text=True, timeout=120, check=True
        )
        result: dict[str, object] = json.loads(answer.stdout)
        return result

    assert submit(str(path))["status"] == "success"
    stores.assert_whole(uuid_of(document_id), digest(files.text()))
    assert submit("--stored", document_id)["status"] == "success"
    assert submit("--delete", document_id)["status"] == "success"
    stores.assert_gone(uuid_of(document_id))
    assert submit("--stored", document_id)["status"] == "success"
    stores.assert_whole(uuid_of(document_id), digest(files.text()))


def test_one_submission_in_one_process(
    stores: Stores, environment: dict[str, str], document_id: str, tmp_path: Path
) -> None:
    upload(document_id, files.text())
    variables = {**environment, "STAGING_BASE_DIR": str(tmp_path)}
    bucket = os.environ.get("APEX_DOCUMENTS_BUCKET", "apex-documents")

    def once(kind: str, key: str, **changed: str) -> dict[str, str]:
        command = [sys.executable, "-m", "pipeline.once", kind, f"tests/{document_id}", bucket, key]
        ended = subprocess.run(
            command, cwd=_FOLDER, env={**variables, **changed}, capture_output=True, text=True, timeout=120, check=True
        )
        answer: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
        return answer

    assert once("ingest", f"tests/{document_id}") == {"status": "succeeded", "id": uuid_of(document_id)}
    stores.assert_whole(uuid_of(document_id), digest(files.text()))
    refused = once("re-ingest", "tests/nothing/" + document_id)
    assert (refused["status"], refused["id"]) == ("rolled-back", uuid_of(document_id))
    assert once("delete", "")["status"] == "succeeded"
    stores.assert_gone(uuid_of(document_id))
