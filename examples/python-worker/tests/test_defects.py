"""Each planted defect does what its entry says, and shows how its entry says. The same without the defect is in the
other tests."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import defects
from pipeline.breaker import Breaker
from pipeline.download import Downloader, s3_client
from pipeline.errors import StoreError, UnsupportedFormatError
from pipeline.model import SagaStatus, StagedFile
from pipeline.parsing import parse
from pipeline.settings import Settings
from pipeline.suffix import suffix_of
from tests import files
from tests.conftest import OpenRuntime
from tests.relay import WRITES, Fate, OpenRelay, through
from tests.stores import Stores
from tests.submitting import SOURCE, Draft, digest, ingest, upload, uuid_of, write
from tests.worker_process import WorkerProcess

Plant = Callable[[str], None]
_FOLDER = Path(__file__).resolve().parents[1]


def test_the_listing_names_them_all() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "pipeline.defects"], cwd=_FOLDER, capture_output=True, text=True, check=True
    ).stdout
    assert [line for line in listing.splitlines() if not line.startswith(" ")] == [one.name for one in defects.REGISTRY]
    assert len(defects.REGISTRY) == len({one.name for one in defects.REGISTRY}) >= 12


def test_each_is_asked_for_in_one_place_or_few() -> None:
    code = {path: path.read_text() for path in (_FOLDER / "pipeline").rglob("*.py") if path.name != "defects.py"}
    for one in defects.REGISTRY:
        asked = sum(text.count(f'is_on("{one.name}")') for text in code.values())
        assert 1 <= asked <= 2, one.name
    readme = (_FOLDER / "README.md").read_text()
    assert [one.name for one in defects.REGISTRY if f"`{one.name}`" not in readme] == []


def test_an_unknown_one_is_refused() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pipeline.defects"],
        cwd=_FOLDER,
        env={"PIPELINE_DEFECTS": "fresh-id,nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "nonsense" in ended.stderr


async def test_undo_answered_only(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("undo-answered-only")
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.LOSE_ANSWER, times=3)
        assert (await write(opened, Draft(document_id, files.text()))).status is SagaStatus.ROLLED_BACK
    assert set(stores.held(uuid_of(document_id))) == {"qdrant"}


async def test_delete_instead_of_restore(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("delete-instead-of-restore")
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        await write(opened, Draft(document_id, files.text(1)))
        network.fail(WRITES["qdrant"], Fate.REFUSE, times=3)
        assert (await write(opened, Draft(document_id, files.text(2)))).status is SagaStatus.ROLLED_BACK
    stores.assert_gone(uuid_of(document_id))


async def test_former_forgotten(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("former-forgotten")
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        await write(opened, Draft(document_id, files.text(1)))
        network.fail(WRITES["qdrant"], Fate.HOLD, times=1)
        dying = asyncio.create_task(write(opened, Draft(document_id, files.text(2))))
        await _until(lambda: stores.held(uuid_of(document_id))["redis"].digest == digest(files.text(2)))
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        network.released.set()
    stores.forget_lock(uuid_of(document_id))
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.REFUSE, times=3)
        assert (await write(opened, Draft(document_id, files.text(3)))).status is SagaStatus.ROLLED_BACK
    assert stores.held(uuid_of(document_id))["redis"].digest == digest(files.text(2))


async def test_dead_letter_breaks(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("dead-letter-breaks")
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed, SAGA_COMPENSATION_SECONDS="0.3") as opened:
        network.fail(b"POST /collections/apex_documents/points/delete", Fate.REFUSE)
        assert (await write(opened, Draft(document_id, files.text()))).status is SagaStatus.ROLLED_BACK
    assert set(stores.held(uuid_of(document_id))) == {"qdrant"}
    assert stores.dead_letters(uuid_of(document_id)) == {}


def test_fresh_id(plant: Plant, tmp_path: Path, document_id: str) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(files.text())
    staged = StagedFile(str(path), document_id, SOURCE)
    assert parse(staged).uuid == parse(staged).uuid == uuid_of(document_id)
    plant("fresh-id")
    assert len({uuid_of(document_id), parse(staged).uuid, parse(staged).uuid}) == 3


async def test_fresh_id_stores_a_resubmission_twice(
    worker: Callable[..., WorkerProcess], temporal: Callable[..., object], stores: Stores, document_id: str
) -> None:
    queue = worker(PIPELINE_DEFECTS="fresh-id").task_queue
    upload(document_id, files.text())
    async with temporal() as client:  # type: ignore[attr-defined]
        results = [await ingest(client, queue, document_id) for _ in range(2)]
    assert {result["status"] for result in results} == {"success"}
    assert sorted(stores.uuids_of(document_id)) == sorted(result["uuid"] for result in results)
    assert len({result["uuid"] for result in results}) == 2


async def test_rolled_back_result_cached(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        for planted, second in (("rolled-back-result-cached", SagaStatus.ROLLED_BACK), (None, SagaStatus.SUCCESS)):
            draft = Draft(f"{planted}-{document_id}", files.text())
            if planted:
                plant(planted)
            else:
                defects.PLANTED = frozenset()
            network.fail(WRITES["qdrant"], Fate.REFUSE, times=3)
            assert (await write(opened, draft, "run")).status is SagaStatus.ROLLED_BACK
            assert (await write(opened, draft, "run")).status is second


async def test_lock_expires(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("lock-expires")
    network, changed = through(relay, environment, "neo4j")
    async with runtime(**changed) as slow:
        network.fail(b"MATCH (c:ApexChunk {document_uuid: $uuid}) DETACH", Fate.HOLD, times=1)
        saga = asyncio.create_task(write(slow, Draft(document_id, files.text(1))))
        await asyncio.to_thread(network.struck.wait, 30)
        # In place of waiting until it has run out.
        stores.forget_lock(uuid_of(document_id))
        async with runtime() as other:
            assert (await write(other, Draft(document_id, files.text(2)))).status is SagaStatus.SUCCESS
        network.released.set()
        assert (await saga).status is SagaStatus.SUCCESS
    assert {held.digest for held in stores.held(uuid_of(document_id)).values()} == {
        digest(files.text(1)),
        digest(files.text(2)),
    }


def test_type_only_suffix(plant: Plant, tmp_path: Path, document_id: str) -> None:
    plant("type-only-suffix")
    assert suffix_of("text/plain; charset=utf-8", document_id, files.text()) == ".txt"
    for generic in ("binary/octet-stream", "application/octet-stream", None):
        assert suffix_of(generic, document_id, files.text()) == ""
    path = tmp_path / "letter"
    path.write_bytes(files.text())
    with pytest.raises(UnsupportedFormatError):
        parse(StagedFile(str(path), document_id, SOURCE))


async def test_failed_status_returned_and_wrong_id_reported(
    worker: Callable[..., WorkerProcess],
    temporal: Callable[..., object],
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
) -> None:
    network, changed = through(relay, environment, "qdrant")
    queue = worker(PIPELINE_DEFECTS="failed-status-returned,wrong-id-reported", **changed).task_queue
    network.fail(WRITES["qdrant"], Fate.REFUSE, times=3)
    upload(document_id, files.text())
    async with temporal() as client:  # type: ignore[attr-defined]
        result = await ingest(client, queue, document_id)
    assert (result["status"], result["uuid"]) == ("success", document_id)
    stores.assert_gone(uuid_of(document_id))


async def test_partial_is_success(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("partial-is-success")
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.REFUSE)
        result = await write(opened, Draft(document_id, files.text()))
    assert (result.status, result.databases_written) == (SagaStatus.SUCCESS, ["postgres", "neo4j", "redis"])
    assert set(stores.held(uuid_of(document_id))) == {"postgres", "neo4j", "redis"}


def test_endpoint_ignored(plant: Plant, environment: dict[str, str], document_id: str, tmp_path: Path) -> None:
    settings = Settings.from_environment({**environment, "STAGING_BASE_DIR": str(tmp_path)})
    upload(document_id, files.text())
    assert Downloader(settings).download(document_id, SOURCE, None, SOURCE)
    assert s3_client(settings).meta.endpoint_url == settings.s3.endpoint_url
    plant("endpoint-ignored")
    assert s3_client(settings).meta.endpoint_url.endswith("amazonaws.com")


async def test_old_row_kept(runtime: OpenRuntime, stores: Stores, document_id: str, plant: Plant) -> None:
    plant("old-row-kept")
    async with runtime() as opened:
        for revision in (1, 2):
            assert (await write(opened, Draft(document_id, files.text(revision)))).status is SagaStatus.SUCCESS
    found = {store: held.digest for store, held in stores.held(uuid_of(document_id)).items()}
    assert found.pop("postgres") == digest(files.text(1))
    assert set(found.values()) == {digest(files.text(2))}


async def test_redis_no_timeout(
    runtime: OpenRuntime, relay: OpenRelay, environment: dict[str, str], document_id: str, plant: Plant
) -> None:
    for planted in (False, True):
        if planted:
            plant("redis-no-timeout")
        network, changed = through(relay, environment, "redis")
        async with runtime(**changed) as opened:
            network.fail(b"idempotency", Fate.HOLD)
            saga = asyncio.create_task(write(opened, Draft(document_id, files.text())))
            done, _ = await asyncio.wait([saga], timeout=8)
            assert bool(done) is not planted
            saga.cancel()
            await asyncio.gather(saga, return_exceptions=True)
            network.heal()


async def test_cache_first(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    plant: Plant,
) -> None:
    plant("cache-first")
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.REFUSE, times=3)
        assert (await write(opened, Draft(document_id, files.text()))).status is SagaStatus.ROLLED_BACK
    assert set(stores.held(uuid_of(document_id))) == {"redis"}


async def test_compensation_cancelled(
    worker: Callable[..., WorkerProcess],
    temporal: Callable[..., object],
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
) -> None:
    """The right one's is in test_worker."""
    network, changed = through(relay, environment, "qdrant")
    queue = worker(PIPELINE_DEFECTS="compensation-cancelled", **changed).task_queue
    network.fail(WRITES["qdrant"], Fate.HOLD)
    upload(document_id, files.text())
    async with temporal() as client:  # type: ignore[attr-defined]
        submission = asyncio.create_task(ingest(client, queue, document_id))
        await asyncio.to_thread(network.struck.wait, 60)
        await _until(lambda: "postgres" in stores.held(uuid_of(document_id)))
        await client.get_workflow_handle(f"ingest-{document_id}").cancel()
        assert (await submission)["status"] == "failed"
    assert stores.held(uuid_of(document_id)).keys() >= {"postgres"}


async def test_temporary_file_kept(
    worker: Callable[..., WorkerProcess], temporal: Callable[..., object], document_id: str, tmp_path: Path
) -> None:
    queue = worker(PIPELINE_DEFECTS="temporary-file-kept").task_queue
    upload(document_id, files.text())
    async with temporal() as client:  # type: ignore[attr-defined]
        assert (await ingest(client, queue, document_id))["status"] == "success"
    assert [path.name for path in (tmp_path / "staging").iterdir()] == [f"apex-{uuid_of(document_id)}.txt"]


async def test_nested_retries(
    runtime: OpenRuntime, document_id: str, relay: OpenRelay, environment: dict[str, str], plant: Plant
) -> None:
    for planted, tries in ((False, 3), (True, 12)):
        if planted:
            plant("nested-retries")
        network, changed = through(relay, environment, "qdrant")
        async with runtime(**changed) as opened:
            network.fail(WRITES["qdrant"], Fate.REFUSE)
            await write(opened, Draft(document_id, files.text()))
            assert network.strikes == tries


def test_breaker_stuck(plant: Plant) -> None:
    now = 0.0
    breaker = Breaker("qdrant", failures_max=5, open_seconds=60, clock=lambda: now)
    for _ in range(5):
        breaker.enter()
        breaker.failed()
    with pytest.raises(StoreError):
        breaker.enter()
    now = 61
    breaker.enter()
    plant("breaker-stuck")
    now = 1000
    with pytest.raises(StoreError):
        breaker.enter()


async def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Asks again and again until it holds: the other side is a process that tells nobody."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if await asyncio.to_thread(holds):
                return
        except KeyError:
            pass
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
