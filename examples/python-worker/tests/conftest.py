"""Real servers: the native stack, or those that the environment names."""

import asyncio
import fcntl
import inspect
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from temporalio.client import Client

import native_stack
from pipeline import defects
from pipeline.runtime import Runtime
from pipeline.schema import make_schema
from pipeline.settings import Settings
from tests.relay import OpenRelay, Relay
from tests.stores import Stores
from tests.worker_process import WorkerProcess

# Short waits between the tries of one saga. Temporal's own are as they are.
_FAST = {
    "SAGA_WAITS_SECONDS": "0.02,0.02",
    "SAGA_COMPENSATION_SECONDS": "5",
    "STORE_TIMEOUT_SECONDS": "5",
    "DTX_LOCK_TTL_SECONDS": "12",
    "DTX_LOCK_WAIT_SECONDS": "0.02",
}


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a test that is a coroutine."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    try:
        found = {} if "POSTGRES_HOST" in os.environ else native_stack.environment()
    except SystemExit as error:
        pytest.exit(str(error), returncode=2)
    # SDKs read their own variables.
    os.environ.update(found)
    # Processes of one run (`-n 4`) have a folder in common. The first makes the schema, before anybody writes: in the
    # midst of others' transactions the graph may refuse it.
    folder = tmp_path_factory.getbasetemp()
    with (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder).joinpath("schema").open("a") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        if made.tell() == 0:
            asyncio.run(make_schema(Settings.from_environment()))
            made.write("made")
    return {**os.environ, **_FAST}


@pytest.fixture(scope="session")
def stores(environment: dict[str, str]) -> Iterator[Stores]:
    stores = Stores(Settings.from_environment(environment))
    yield stores
    stores.close()


@pytest.fixture
def document_id() -> str:
    """One that no other test has."""
    return f"letter-{uuid.uuid4()}.txt"


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def plant(name: str) -> None:
        assert name in {defect.name for defect in defects.REGISTRY}
        monkeypatch.setattr(defects, "PLANTED", frozenset({name}))

    return plant


OpenRuntime = Callable[..., AbstractAsyncContextManager[Runtime]]


@pytest.fixture
def runtime(environment: dict[str, str], tmp_path: Path) -> OpenRuntime:
    """A worker's clients without a worker. Arguments are variables that are other than usual."""

    @asynccontextmanager
    async def open_runtime(**changed: str) -> AsyncIterator[Runtime]:
        settings = Settings.from_environment({**environment, "STAGING_BASE_DIR": str(tmp_path), **changed})
        opened = await Runtime.open(settings)
        try:
            yield opened
        finally:
            await opened.close()

    return open_runtime


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., WorkerProcess]]:
    """Starts workers on a queue of the test's own, and ends them after it."""
    queue = f"test-{uuid.uuid4()}"
    started: list[WorkerProcess] = []

    def start(**changed: str) -> WorkerProcess:
        variables = {**environment, "TEMPORAL_TASK_QUEUE": queue, "STAGING_BASE_DIR": str(tmp_path / "staging")}
        process = WorkerProcess({**variables, **changed}, queue)
        started.append(process)
        process.wait_until_ready()
        return process

    yield start
    for process in started:
        process.stop()


@pytest.fixture
def relay() -> Iterator[OpenRelay]:
    """Opens relays to servers, and closes them after the test."""
    opened: list[Relay] = []

    def open_relay(host: str, port: int | str) -> Relay:
        opened.append(Relay(host, int(port)))
        return opened[-1]

    yield open_relay
    for one in opened:
        one.close()


@pytest.fixture
def temporal(environment: dict[str, str]) -> Callable[[], AbstractAsyncContextManager[Client]]:
    settings = Settings.from_environment(environment).temporal

    @asynccontextmanager
    async def connect() -> AsyncIterator[Client]:
        yield await Client.connect(settings.address, namespace=settings.namespace)

    return connect
