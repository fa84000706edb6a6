"""The connection to Temporal."""

import asyncio
import os
import sys
from datetime import timedelta
from typing import NoReturn

from temporalio.client import Client

from pipeline.settings import TemporalSettings

_CONNECT_SECONDS = 20


async def connect(settings: TemporalSettings) -> Client:
    """Waits a while for a server that is not up yet. Ends the program with one line when there is none."""
    deadline = asyncio.get_running_loop().time() + _CONNECT_SECONDS
    while True:
        try:
            return await Client.connect(
                settings.address, namespace=settings.namespace, connect_timeout=timedelta(seconds=5)
            )
        except RuntimeError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise SystemExit(f"no Temporal server at {settings.address}: {error}") from None
            await asyncio.sleep(0.5)


def end(code: int) -> NoReturn:
    """Ends the program at once. Threads of the SDK's core may call into Python while the interpreter is being taken
    down, which then aborts (seen with temporalio 1.35: PyGILState_Release)."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
