"""What idle connections cost a proxy."""
import socket

from machine import HOST, memory_megabytes

PING, PONG = b"PING\r\n", b"+PONG\r\n"
GET = b"GET /1k HTTP/1.1\r\nHost: localhost\r\n\r\n"


def exchange(connection, request, ending):
    connection.sendall(request)
    answer = b""
    while not answer.endswith(ending):
        part = connection.recv(65536)
        if not part:
            raise RuntimeError("a connection ended that should stay idle")
        answer += part


def growth(road, port_name, count):
    """How resident and proportional size grow, in MB, by connections that have each had one answer and then idle."""
    request, ending = (PING, PONG) if port_name == "redis" else (GET, b"x" * 1024)
    road.start()
    connections = []

    def add(number):
        for _ in range(number):
            connection = socket.create_connection((HOST, road.ports[port_name]), timeout=20)
            connections.append(connection)
            exchange(connection, request, ending)

    try:
        # The first few pay for what a proxy keeps whether there are any more or not.
        add(10)
        before = memory_megabytes(road.process)
        add(count)
        after = memory_megabytes(road.process)
        return after[0] - before[0], after[1] - before[1]
    finally:
        for connection in connections:
            connection.close()
        road.stop()
