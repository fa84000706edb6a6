import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parents[1]
_SECONDS = 60


class WorkerProcess:
    """`python -m pipeline.worker`, as people run it."""

    def __init__(self, environment: dict[str, str], task_queue: str) -> None:
        self.task_queue = task_queue
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.log: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.worker"],
            cwd=_FOLDER,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for target in (self._read_events, self._read_log):
            threading.Thread(target=target, daemon=True).start()

    def wait_until_ready(self) -> None:
        event = self._events.get(timeout=_SECONDS)
        assert event and event["event"] == "ready", self.log

    def terminate(self) -> int:
        """SIGTERM; its exit code."""
        self._process.terminate()
        return self._process.wait(_SECONDS)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(_SECONDS)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(_SECONDS)

    def _read_events(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._events.put(json.loads(line))
        self._events.put(None)

    def _read_log(self) -> None:
        assert self._process.stderr
        self.log.extend(self._process.stderr)
