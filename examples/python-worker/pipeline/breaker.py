"""Circuit breakers, one a store, in the memory of this process.

A write that is given up after all its tries counts. An undo neither counts nor is held up: a full disk still deletes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline import defects
from pipeline.errors import StoreError


@dataclass
class Breaker:
    """Open after so many failures one after the other; half open after a while, when one write may try. Its success
    closes it."""

    store: str
    failures_max: int
    open_seconds: float
    clock: Callable[[], float] = time.monotonic
    failures: int = field(default=0, init=False)
    _tried_at: float = field(default=0, init=False)

    def enter(self) -> None:
        """Raises StoreError while it is open: then nothing is sent."""
        if self.failures < self.failures_max:
            return
        now = self.clock()
        if now - self._tried_at < self.open_seconds or defects.is_on("breaker-stuck"):
            raise StoreError(self.store, "its circuit breaker is open", transient=True, reached=False)
        self._tried_at = now

    def succeeded(self) -> None:
        self.failures = 0

    def failed(self) -> None:
        self.failures += 1
        self._tried_at = self.clock()
