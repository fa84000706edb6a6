"""The worker: `python -m pipeline.worker`.

When it polls, it prints `{"event": "ready", …}` and writes the file that WORKER_READY_FILE names. On SIGTERM and SIGINT it takes
nothing new, gives what it has WORKER_SHUTDOWN_SECONDS to end, and then undoes it: Temporal gives it to another worker.
"""

import asyncio
import json
import os
import signal

from pipeline import defects, log
from pipeline.runtime import Runtime
from pipeline.settings import Settings
from pipeline.temporal import connect, make_worker


async def main() -> None:
    log.set_up()
    settings = Settings.from_environment()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    client = await connect(settings)
    runtime = await Runtime.open(settings)
    try:
        async with make_worker(client, runtime, settings, settings.temporal.task_queue):
            _tell(settings, "ready")
            await stop.wait()
            _tell(settings, "stopping")
    finally:
        await runtime.close()
        if settings.ready_file:
            settings.ready_file.unlink(missing_ok=True)


def _tell(settings: Settings, event: str) -> None:
    line = json.dumps(
        {
            "event": event,
            "pid": os.getpid(),
            "task_queue": settings.temporal.task_queue,
            "defects": sorted(defects.PLANTED),
        }
    )
    print(line, flush=True)
    if event == "ready" and settings.ready_file:
        settings.ready_file.write_text(line + "\n")


if __name__ == "__main__":
    asyncio.run(main())
