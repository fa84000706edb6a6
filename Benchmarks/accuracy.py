"""How exactly faults keep time: `latency` beside a raw timer, `bandwidth` against its rate."""
import os, socket, statistics, sys, time

from machine import HOST, exact_timers, free_port
from memory import PING, PONG, exchange

DELAY_MS = 50
RATES = {"256KiB/s": 256 << 10, "4MiB/s": 4 << 20, "64MiB/s": 64 << 20}


def config(servers, ports):
    """A configuration of `faultline proxy --config`: a link with latency, and one for each rate of bandwidth."""
    links = {"late": ("redis", f"latency: {{ delay: {DELAY_MS}ms }}")}
    links |= {f"slow{rate.split('/')[0]}": ("web", f"bandwidth: {{ rate: {rate} }}") for rate in RATES}
    lines = ["links:"]
    for name, (server, _) in links.items():
        ports[name] = free_port()
        lines.append(f"  {name}: {{ protocol: tcp, listen: '{HOST}:{ports[name]}', upstream: '{HOST}:{servers.ports[server]}' }}")
    lines.append("faults:")
    for name, (_, fault) in links.items():
        lines.append(f"  - {{ on: {name}, when: {{ direction: response }}, inject: {{ {fault} }} }}")
    return "\n".join(lines) + "\n"


def sleep():
    time.sleep(DELAY_MS / 1000)


def latency(delayed, direct, samples):
    """Milliseconds over the delay: of a raw timer, of a timer and an undelayed round trip, and of each road; interleaved."""
    exact_timers()
    # A server that is asked rarely lets the processor doze off. So do all roads, and the sleep, so they stay comparable.
    roads = {name: socket.create_connection((HOST, port), timeout=20) for name, port in delayed.items()}
    plain = socket.create_connection((HOST, direct), timeout=20)
    ways = {"raw timer": sleep, "raw timer, then a direct round trip": lambda: (sleep(), exchange(plain, PING, PONG))}
    ways |= {name: (lambda c: lambda: exchange(c, PING, PONG))(connection) for name, connection in roads.items()}
    over = {name: [] for name in ways}
    for number in range(samples + 3):
        for name, way in ways.items():
            start = time.perf_counter_ns()
            way()
            if number >= 3:
                over[name].append((time.perf_counter_ns() - start) / 1e6 - DELAY_MS)
    for connection in [plain, *roads.values()]:
        connection.close()
    return {name: {"mean_ms": statistics.fmean(values), "deviation_us": statistics.stdev(values) * 1000,
                   "worst_ms": max(values)} for name, values in over.items()}


def bandwidth(port, rate, seconds):
    """Reads a large file for so long: error of the rate in percent, and the longest time without a byte, in ms."""
    with socket.create_connection((HOST, port), timeout=20) as connection:
        connection.sendall(b"GET /1g HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(1 << 18)
        start = last = time.perf_counter()
        received, gap = 0, 0.0
        while last - start < seconds:
            count = len(connection.recv(1 << 18))
            now = time.perf_counter()
            if count == 0:
                raise RuntimeError("the file ended before its time")
            received, gap, last = received + count, max(gap, now - last), now
        return {"error_percent": (received / (last - start) / rate - 1) * 100, "longest_gap_ms": gap * 1000}


def measure(children, servers, binary, toxiproxy, samples, seconds):
    ports, path = {}, os.path.join(children.folder, "accuracy.yaml")
    with open(path, "w") as file:
        file.write(config(servers, ports))
    link = children.start("accuracy", [os.path.abspath(binary), "proxy", "--api", "off", "--config", path], ports.values(), is_proxy=True)
    delayed = {"faultline": ports["late"]}
    if toxiproxy:
        toxiproxy.start()
        delayed["toxiproxy"] = toxiproxy.ports["redis"]
        toxiproxy.ask("POST", "/proxies/redis/toxics", {"type": "latency", "attributes": {"latency": DELAY_MS}})
    rows = []
    result = {"latency": latency(delayed, servers.ports["redis"], samples), "bandwidth": rows}
    for rate, bytes_a_second in RATES.items():
        port = ports[f"slow{rate.split('/')[0]}"]
        rows.append({"road": "faultline", "rate": rate, **bandwidth(port, bytes_a_second, seconds)})
        if toxiproxy:
            # Started anew each time: taking a toxic away from a connection in use may hang. It counts in 1,000 bytes.
            toxiproxy.stop()
            toxiproxy.start()
            thousands = bytes_a_second // 1000
            toxiproxy.ask("POST", "/proxies/web/toxics", {"type": "bandwidth", "attributes": {"rate": thousands}})
            row = bandwidth(toxiproxy.ports["web"], thousands * 1000, seconds)
            rows.append({"road": "toxiproxy", "rate": rate, **row})
    children.stop(link)
    if toxiproxy:
        toxiproxy.stop()
    return result
