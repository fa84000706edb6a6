"""A pytest fixture for tests that share one `faultline proxy`: each injects faults that strike its own traffic alone.

Copy this file into a project and name it in `conftest.py`: `pytest_plugins = ["faultline_pytest"]`. It needs nothing but
pytest. The proxy's address is in FAULTLINE_API (127.0.0.1:8474 unless it says otherwise), its token in FAULTLINE_TOKEN.

    def test_a_slow_cache(faultline):
        client = redis.Redis(*faultline.address("redis"))
        faultline.mark(key=f"{faultline.name}:*")
        fault = faultline.inject("redis", "latency", delay="200ms", when={"operation": "GET"})
        ...

A test whose fault never struck has shown nothing, and fails: unless it says `fault.may_miss()`.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import urllib.parse
import uuid
from typing import Any

import pytest

API = "127.0.0.1:8474"
LEASE = 10.0
"""How long faults outlive a test that was killed, in seconds."""


class Refused(Exception):
    """The proxy does not do what it was asked, and says why."""


class Proxy:
    """The control API of a standing proxy. Any number of threads may ask."""

    def __init__(self, address: str, token: str | None = None):
        self.address = address
        self.token = token

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        host, _, port = self.address.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read()
        except OSError as error:
            raise Refused(
                f"no proxy at {self.address} ({error}); start 'faultline proxy --config proxy.yaml', or name its API "
                "in FAULTLINE_API"
            ) from error
        finally:
            connection.close()
        value = json.loads(text) if text else None
        if answer.status >= 300:
            raise Refused(value.get("error", text) if isinstance(value, dict) else text)
        return value


class Fault:
    """A fault that strikes what its test sends."""

    def __init__(self, session: Session, number: int, title: str):
        self._session = session
        self.number = number
        self.title = title
        self._may_miss = False
        self._last: dict[str, Any] | None = None

    def may_miss(self) -> Fault:
        """Says that the test means something even if the fault never strikes."""
        self._may_miss = True
        return self

    def _look(self) -> dict[str, Any]:
        if self._last is None:
            return self._session.proxy.ask("GET", f"/v1/faults/{self.number}")
        return self._last

    @property
    def struck(self) -> int:
        """How often it has struck."""
        return self._look()["struck"]

    @property
    def matched(self) -> int:
        """How many of the test's messages or connections it has looked at."""
        return self._look()["matched"]

    @property
    def missed(self) -> bool:
        return not self._may_miss and self.struck == 0

    def heal(self) -> None:
        """Takes it away now. What it has counted can still be asked for."""
        if self._last is None:
            self._last = self._look()
            self._session.proxy.ask("DELETE", f"/v1/faults/{self.number}")


class Session:
    """The faults of one test, and whose traffic they strike. Renews its lease until it is closed: when the test is gone, by
    `kill -9` too, its faults heal."""

    def __init__(self, proxy: Proxy, name: str):
        self.proxy = proxy
        self.name = name
        """Unique. To begin keys with, or as a document's id."""
        self.headers = {"X-Faultline-Session": name}
        """For HTTP clients to send with each request: what has them is this test's."""
        self.faults: list[Fault] = []
        self._scope: dict[str, list[Any]] = {"header": [{"name": "X-Faultline-Session", "value": name}]}
        self._lost: Refused | None = None
        self._closed = threading.Event()
        self._take()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def address(self, link: str) -> tuple[str, int]:
        """Where a link listens: host and port."""
        found = self.proxy.ask("GET", f"/v1/links/{urllib.parse.quote(link, safe='')}")
        host, _, port = found["listen"][0].rpartition(":")
        return host, int(port)

    def mark(
        self, *, key: str | None = None, document: str | None = None, source_port: int | str | None = None
    ) -> None:
        """Says what else is this test's: a glob of keys, a document's id, or the port that a client connects from."""
        for name, value in (("key", key), ("document", document), ("source-port", source_port)):
            if value is not None:
                self._scope.setdefault(name, []).append(value)
        self._take()

    def inject(
        self, link: str, fault: str, *, when: dict[str, Any] | None = None, name: str | None = None, **attributes: Any
    ) -> Fault:
        """Injects a fault; `faultline faults` lists them with their attributes, in which `_` stands for `-`."""
        options = {key.replace("_", "-"): value for key, value in attributes.items()}
        body: dict[str, Any] = {"on": link, "inject": {fault: options} if options else fault, "lease": self.name}
        if when:
            body["when"] = when
        if name:
            body["name"] = name
        made = self.proxy.ask("POST", "/v1/faults", body)
        self.faults.append(Fault(self, made["number"], name or f"{fault} on {link}"))
        return self.faults[-1]

    def close(self) -> None:
        """Heals everything.

        Raises AssertionError where a fault never struck, or the lease was lost: then the test has shown nothing."""
        self._closed.set()
        self._keeper.join()
        if self._lost is not None:
            raise AssertionError(f"the faults were not there all the while: {self._lost}")
        missed = [fault.title for fault in self.faults if fault.missed]
        self.proxy.ask("DELETE", f"/v1/leases/{self.name}")
        if missed:
            raise AssertionError(f"never struck: {', '.join(missed)}; so the test shows nothing of it")

    def _take(self) -> None:
        self.proxy.ask("PUT", f"/v1/leases/{self.name}", {"for": f"{LEASE:g}s", "scope": self._scope})

    def _keep(self) -> None:
        while not self._closed.wait(LEASE / 3):
            try:
                self._renew()
            except Refused as error:
                self._lost = error
                return

    def _renew(self) -> None:
        # A lease that has run out, or a proxy that was restarted, has lost the faults: taking it anew would hide that.
        leases = self.proxy.ask("GET", "/v1/leases")["leases"]
        mine = next((lease for lease in leases if lease["owner"] == self.name), None)
        standing = [fault.number for fault in self.faults if fault._last is None]
        if mine is None or not set(standing) <= set(mine["faults"]):
            raise Refused(f"the proxy at {self.proxy.address} has forgotten the lease of {self.name}")
        self.proxy.ask("PUT", f"/v1/leases/{self.name}", {"for": f"{LEASE:g}s"})


@pytest.fixture
def faultline(request: pytest.FixtureRequest):
    """A session of the test's own on the standing proxy."""
    proxy = Proxy(os.environ.get("FAULTLINE_API", API), os.environ.get("FAULTLINE_TOKEN") or None)
    word = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)[:40]
    session = Session(proxy, f"{word}-{uuid.uuid4().hex[:12]}")
    yield session
    session.close()
