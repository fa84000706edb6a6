"""A TCP relay that stands for a network: it can refuse a request, lose its answer, or hold it."""

import contextlib
import socket
import threading
from collections.abc import Callable
from enum import Enum


class Fate(Enum):
    PASS = "pass"
    # The connection ends before the server has seen the request.
    REFUSE = "refuse"
    # The server does what is asked; the connection ends before its answer.
    LOSE_ANSWER = "lose answer"
    # Nothing goes on until `released` is set.
    HOLD = "hold"


class Relay:
    """`rule` decides on each piece that a client sends; a request is told by the bytes in it."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.rule: Callable[[bytes], Fate] = lambda _: Fate.PASS
        self.released = threading.Event()
        # As often as the server has answered what was held.
        self.answered = threading.Semaphore(0)
        # Set when the rule has struck.
        self.struck = threading.Event()
        self.strikes = 0
        self._sockets: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def fail(self, mark: bytes, fate: Fate, times: int | None = None, after: int = 0) -> None:
        """From now on, requests with the mark in them; so many, or all, after the first few."""
        self.strikes = 0
        passed = 0
        self.struck.clear()

        def rule(piece: bytes) -> Fate:
            nonlocal passed
            if mark not in piece or (times is not None and self.strikes >= times):
                return Fate.PASS
            if passed < after:
                passed += 1
                return Fate.PASS
            self.strikes += 1
            return fate

        self.rule = rule

    def heal(self) -> None:
        self.rule = lambda _: Fate.PASS
        self.released.set()

    def close(self) -> None:
        self.released.set()
        self._listener.close()
        for one in list(self._sockets):
            _end(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._upstream)
            except OSError:
                _end(client)
                continue
            self._sockets |= {client, server}
            connection = _Connection(client, server)
            threading.Thread(target=self._requests, args=(connection,), daemon=True).start()
            threading.Thread(target=self._answers, args=(connection,), daemon=True).start()

    def _requests(self, connection: "_Connection") -> None:
        with contextlib.suppress(OSError):
            while piece := connection.client.recv(65536):
                fate = self.rule(piece)
                if fate is Fate.LOSE_ANSWER:
                    connection.loses.set()
                if fate is not Fate.PASS:
                    self.struck.set()
                if fate is Fate.REFUSE:
                    break
                if fate is Fate.HOLD:
                    self.released.wait()
                connection.server.sendall(piece)
                if fate is Fate.HOLD:
                    # Whether or not the client is still there.
                    connection.answered.wait(20)
                    self.answered.release()
        _end(connection.client)
        _end(connection.server)

    def _answers(self, connection: "_Connection") -> None:
        with contextlib.suppress(OSError):
            while piece := connection.server.recv(65536):
                if self.released.is_set():
                    connection.answered.set()
                if connection.loses.is_set():
                    break
                with contextlib.suppress(OSError):
                    connection.client.sendall(piece)
        connection.answered.set()
        _end(connection.client)
        _end(connection.server)


class _Connection:
    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        self.loses = threading.Event()
        # The server has said something since all was released.
        self.answered = threading.Event()


OpenRelay = Callable[[str, int | str], Relay]

# What a write looks like on each store's wire.
WRITES = {
    "postgres": b"INSERT INTO chunks",
    "neo4j": b"ApexSagaFence",
    "qdrant": b"PUT /collections/apex_documents/points",
    "redis": b"'HSET'",
}


def through(open_relay: OpenRelay, environment: dict[str, str], store: str) -> tuple[Relay, dict[str, str]]:
    """A relay to a store, and the variables that lead a worker through it."""
    if store == "neo4j":
        host, _, port = environment["NEO4J_URI"].removeprefix("bolt://").partition(":")
        relay = open_relay(host, port)
        return relay, {"NEO4J_URI": f"bolt://127.0.0.1:{relay.port}"}
    host_name, port_name = f"{store.upper()}_HOST", f"{store.upper()}_PORT"
    relay = open_relay(environment[host_name], environment[port_name])
    return relay, {host_name: "127.0.0.1", port_name: str(relay.port)}


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def closed_port() -> int:
    """One where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
