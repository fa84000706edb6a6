"""The saga by itself, against real stores behind a network that fails."""

import asyncio
from collections.abc import Callable

import pytest

from pipeline.errors import LockLostError, LockNotAcquiredError, StoreError
from pipeline.model import SagaStatus
from pipeline.saga import Halt
from tests import files
from tests.conftest import OpenRuntime
from tests.relay import WRITES, Fate, OpenRelay, closed_port, through
from tests.stores import Stores
from tests.submitting import Draft, digest, uuid_of, write


async def test_replaces_a_version_by_a_shorter_one(runtime: OpenRuntime, stores: Stores, document_id: str) -> None:
    async with runtime() as opened:
        for revision, paragraphs in enumerate((9, 3, 6)):
            content = files.text(revision, paragraphs)
            assert (await write(opened, Draft(document_id, content))).status is SagaStatus.SUCCESS
            stores.assert_whole(uuid_of(document_id), digest(content))
    assert stores.saga_state(uuid_of(document_id)) == "done"
    assert not stores.has_lock(uuid_of(document_id))


async def test_a_version_that_comes_again_is_written_again(
    runtime: OpenRuntime, stores: Stores, document_id: str
) -> None:
    """The first one's result is still known then, and says nothing any more."""
    first, second = files.text(1), files.text(2)
    async with runtime() as opened:
        for content in (first, second, first):
            await write(opened, Draft(document_id, content))
        stores.assert_whole(uuid_of(document_id), digest(first))


@pytest.mark.parametrize("fate", [Fate.REFUSE, Fate.LOSE_ANSWER])
@pytest.mark.parametrize("store", WRITES)
async def test_a_failed_write_is_rolled_back_to_nothing_and_to_what_stood(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    store: str,
    fate: Fate,
) -> None:
    network, changed = through(relay, environment, store)
    mark = WRITES[store]
    former = files.text(1)
    async with runtime(**changed) as opened:
        # Each of the three tries; then the store can be reached again, and is put back.
        network.fail(mark, fate, times=3)
        result = await write(opened, Draft(document_id, files.text(0)))
        assert (result.status, result.transient) == (SagaStatus.ROLLED_BACK, True)
        assert network.strikes == 3
        stores.assert_gone(uuid_of(document_id))

        assert (await write(opened, Draft(document_id, former))).status is SagaStatus.SUCCESS
        network.fail(mark, fate, times=3)
        assert (await write(opened, Draft(document_id, files.text(2)))).status is SagaStatus.ROLLED_BACK
        assert network.strikes == 3
        stores.assert_whole(uuid_of(document_id), digest(former))
    assert stores.saga_state(uuid_of(document_id)) == "undone"


@pytest.mark.parametrize("store", WRITES)
async def test_a_lost_answer_is_asked_for_again(
    runtime: OpenRuntime, stores: Stores, document_id: str, relay: OpenRelay, environment: dict[str, str], store: str
) -> None:
    network, changed = through(relay, environment, store)
    async with runtime(**changed) as opened:
        network.fail(b"COMMIT" if store == "postgres" else WRITES[store], Fate.LOSE_ANSWER, times=1)
        result = await write(opened, Draft(document_id, files.text()))
        assert (result.status, network.strikes) == (SagaStatus.SUCCESS, 1)
        stores.assert_whole(uuid_of(document_id), digest(files.text()))


@pytest.mark.parametrize("store", WRITES)
async def test_a_store_that_is_down_fails_the_document_before_anything_is_written(
    runtime: OpenRuntime, stores: Stores, document_id: str, store: str
) -> None:
    closed = str(closed_port())
    changed = {"NEO4J_URI": f"bolt://127.0.0.1:{closed}"} if store == "neo4j" else {f"{store.upper()}_PORT": closed}
    async with runtime(**changed) as opened:
        with pytest.raises(StoreError) as failed:
            await write(opened, Draft(document_id, files.text()))
        assert (failed.value.store, failed.value.transient) == (store, True)
    stores.assert_gone(uuid_of(document_id))


async def test_a_store_that_has_failed_often_is_left_alone_for_a_while(
    runtime: OpenRuntime, stores: Stores, document_id: str, relay: OpenRelay, environment: dict[str, str]
) -> None:
    """That it could be undone there does not count for it."""
    draft = Draft(document_id, files.text())
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed, BREAKER_FAILURES="2", BREAKER_OPEN_SECONDS="60") as opened:
        network.fail(WRITES["qdrant"], Fate.REFUSE, times=6)
        for _ in range(2):
            assert (await write(opened, draft)).status is SagaStatus.ROLLED_BACK
        result = await write(opened, draft)
        assert (result.status, result.transient, network.strikes) == (SagaStatus.ROLLED_BACK, True, 6)
        assert result.error == "qdrant: its circuit breaker is open"
        stores.assert_gone(uuid_of(document_id))
        # As after so long.
        opened.saga.breakers["qdrant"].open_seconds = 0
        assert (await write(opened, draft)).status is SagaStatus.SUCCESS
    stores.assert_whole(uuid_of(document_id), digest(files.text()))


async def test_what_no_retry_can_mend_is_tried_once(
    runtime: OpenRuntime, stores: Stores, document_id: str, plant: Callable[[str], None]
) -> None:
    plant("entity-without-uuid")
    async with runtime() as opened:
        result = await write(opened, Draft(document_id, files.text()))
    assert (result.status, result.transient) == (SagaStatus.ROLLED_BACK, False)
    assert result.error and "NotNullViolation" in result.error
    stores.assert_gone(uuid_of(document_id))


async def test_an_undo_that_fails_is_a_dead_letter_and_is_made_good_later(
    runtime: OpenRuntime, stores: Stores, document_id: str, relay: OpenRelay, environment: dict[str, str]
) -> None:
    uuid = uuid_of(document_id)
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed, SAGA_COMPENSATION_SECONDS="0.3") as opened:
        # The write and then every other request: nobody knows whether the points are there.
        network.fail(b"POST /collections/apex_documents/points/delete", Fate.REFUSE)
        result = await write(opened, Draft(document_id, files.text()))
        assert result.status is SagaStatus.PARTIAL
        assert set(stores.held(uuid)) == {"qdrant"}
        assert stores.dead_letters(uuid) == {"qdrant": "pending"}
        assert stores.saga_state(uuid) == "open"

        network.heal()
        assert await opened.saga.restore("another", uuid) == "undone"
        stores.assert_gone(uuid)
        assert stores.dead_letters(uuid) == {"qdrant": "resolved"}


async def test_a_repeated_order_knows_itself(runtime: OpenRuntime, stores: Stores, document_id: str) -> None:
    """Also without Redis's help, as when the cached result is evicted."""
    draft = Draft(document_id, files.text())
    async with runtime() as opened:
        first = await write(opened, draft, "run-1")
        token = await opened.saga.log.current(uuid_of(document_id))
        assert await write(opened, draft, "run-1") == first
        assert await opened.saga.log.current(uuid_of(document_id)) == token
        assert await opened.saga.restore("run-1", uuid_of(document_id)) == "done"
    stores.assert_whole(uuid_of(document_id), digest(files.text()))


@pytest.mark.parametrize(
    ("mark", "after", "state"),
    # The last COMMIT's answers: it is done. The last UPDATE: it is not.
    [(b"COMMIT", 4, "done"), (b"former = NULL", 0, "open")],
)
async def test_a_saga_that_cannot_tell_whether_it_is_done_leaves_that_to_the_next_try(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    mark: bytes,
    after: int,
    state: str,
) -> None:
    draft = Draft(document_id, files.text())
    network, changed = through(relay, environment, "postgres")
    async with runtime(**changed) as opened:
        network.fail(mark, Fate.LOSE_ANSWER, times=3, after=after)
        with pytest.raises(StoreError):
            await write(opened, draft, "run")
        assert (network.strikes, stores.saga_state(uuid_of(document_id))) == (3, state)
        assert (await write(opened, draft, "run")).status is SagaStatus.SUCCESS
        stores.assert_whole(uuid_of(document_id), digest(files.text()))
        assert await opened.saga.restore("run", uuid_of(document_id)) == "done"


async def test_a_cancelled_saga_undoes_what_it_has_begun(
    runtime: OpenRuntime, stores: Stores, document_id: str, relay: OpenRelay, environment: dict[str, str]
) -> None:
    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.HOLD, times=1)
        halt = Halt()
        saga = asyncio.create_task(write(opened, Draft(document_id, files.text()), halt=halt))
        await asyncio.to_thread(network.struck.wait, 30)
        # The held write lands after the halt, but before the undo: it is waited for. So all four are written after all.
        halt.set("cancelled")
        network.released.set()
        assert (await saga).status is SagaStatus.SUCCESS
        stores.assert_whole(uuid_of(document_id), digest(files.text()))

        network.fail(WRITES["qdrant"], Fate.REFUSE)
        halted = Halt()
        halted.set("cancelled")
        result = await write(opened, Draft(document_id, files.text(1)), halt=halted)
        assert (result.status, result.error) == (SagaStatus.ROLLED_BACK, "cancelled")
        stores.assert_whole(uuid_of(document_id), digest(files.text()))


async def test_two_at_once_end_with_one_version(runtime: OpenRuntime, stores: Stores, document_id: str) -> None:
    contents = [files.text(revision, revision + 2) for revision in range(4)]
    async with runtime(DTX_LOCK_TRIES="1000") as opened:
        results = await asyncio.gather(*(write(opened, Draft(document_id, content)) for content in contents))
    assert {result.status for result in results} == {SagaStatus.SUCCESS}
    last = stores.held(uuid_of(document_id))["postgres"].digest
    assert last in [digest(content) for content in contents]
    stores.assert_whole(uuid_of(document_id), str(last))


async def test_documents_that_share_entities_do_not_keep_each_other_from_ending(
    runtime: OpenRuntime, stores: Stores, document_id: str
) -> None:
    async with runtime() as opened:
        names = [f"{number}-{document_id}" for number in range(8)]
        results = await asyncio.gather(*(write(opened, Draft(name, files.text())) for name in names))
    assert {result.status for result in results} == {SagaStatus.SUCCESS}
    for name in names:
        stores.assert_whole(uuid_of(name), digest(files.text()))


async def test_a_held_lock_keeps_others_out(runtime: OpenRuntime, stores: Stores, document_id: str) -> None:
    async with runtime(DTX_LOCK_TRIES="2") as opened, opened.saga.lock.hold(uuid_of(document_id)):
        with pytest.raises(LockNotAcquiredError):
            await write(opened, Draft(document_id, files.text()))
    stores.assert_gone(uuid_of(document_id))


async def test_a_lock_outlives_its_time_to_live_while_it_is_held(
    runtime: OpenRuntime, stores: Stores, document_id: str
) -> None:
    uuid = uuid_of(document_id)
    async with runtime(DTX_LOCK_TTL_SECONDS="3", STORE_TIMEOUT_SECONDS="1.5") as slow:
        async with slow.saga.lock.hold(uuid) as lease:
            first = lease.ends
            while lease.ends < first + 3:
                await asyncio.sleep(0.01)
            async with runtime(DTX_LOCK_TRIES="1") as other:
                with pytest.raises(LockNotAcquiredError):
                    await write(other, Draft(document_id, files.text()))
        assert not stores.has_lock(uuid)


@pytest.mark.parametrize("store", ["postgres", "neo4j", "redis"])
async def test_a_saga_that_was_overtaken_writes_nothing(
    runtime: OpenRuntime, stores: Stores, document_id: str, relay: OpenRelay, environment: dict[str, str], store: str
) -> None:
    """Its write arrives when another saga has come and gone."""
    uuid = uuid_of(document_id)
    network, changed = through(relay, environment, store)
    async with runtime(**changed) as overtaken:
        # In PostgreSQL before its row is locked: afterwards the other saga would wait for it.
        network.fail(b"FOR UPDATE" if store == "postgres" else WRITES[store], Fate.HOLD, times=1)
        saga = asyncio.create_task(write(overtaken, Draft(document_id, files.text(1))))
        await asyncio.to_thread(network.struck.wait, 30)
        stores.forget_lock(uuid)
        async with runtime() as other:
            assert (await write(other, Draft(document_id, files.text(2)))).status is SagaStatus.SUCCESS
        network.released.set()
        with pytest.raises(LockLostError):
            await saga
    stores.assert_whole(uuid, digest(files.text(2)))


@pytest.mark.parametrize(("store", "mark"), [("redis", WRITES["redis"]), ("neo4j", b"\x00\x02\xb0\x12\x00\x00")])
async def test_a_write_that_arrives_after_its_undo_is_refused(
    runtime: OpenRuntime,
    stores: Stores,
    document_id: str,
    relay: OpenRelay,
    environment: dict[str, str],
    store: str,
    mark: bytes,
) -> None:
    network, changed = through(relay, environment, store)
    async with runtime(STORE_TIMEOUT_SECONDS="1", **changed) as opened:
        await write(opened, Draft(document_id, files.text(1)))
        # Neo4j's first COMMIT ends the reading of what stood.
        network.fail(mark, Fate.HOLD, times=3, after=1 if store == "neo4j" else 0)
        assert (await write(opened, Draft(document_id, files.text(2)))).status is SagaStatus.ROLLED_BACK
        network.released.set()
        for _ in range(network.strikes):
            assert await asyncio.to_thread(network.answered.acquire, timeout=20)
    stores.assert_whole(uuid_of(document_id), digest(files.text(1)))


async def test_a_saga_that_takes_over_restores_what_stood_before_the_dead_one(
    runtime: OpenRuntime, stores: Stores, document_id: str, relay: OpenRelay, environment: dict[str, str]
) -> None:
    uuid, former = uuid_of(document_id), files.text(1)
    network, changed = through(relay, environment, "qdrant")
    async with runtime() as opened:
        await write(opened, Draft(document_id, former))
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.HOLD, times=1)
        dying = asyncio.create_task(write(opened, Draft(document_id, files.text(2))))
        await asyncio.to_thread(network.struck.wait, 30)
        # As a process that is killed: it undoes nothing.
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        network.heal()
    stores.forget_lock(uuid)
    assert stores.saga_state(uuid) == "open"

    network, changed = through(relay, environment, "qdrant")
    async with runtime(**changed) as opened:
        network.fail(WRITES["qdrant"], Fate.REFUSE, times=3)
        assert (await write(opened, Draft(document_id, files.text(3)))).status is SagaStatus.ROLLED_BACK
    stores.assert_whole(uuid, digest(former))
