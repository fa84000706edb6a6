"""Faults that change while traffic flows: what a change takes, and what traffic notices of it.

    python3 Benchmarks/control.py [--changes 10000] [--clients 4] [--rate 500] [--rounds 4] [--binary .build/release/faultline]

A proxy stands before a server that echoes. Connections ask at a steady pace, first in quiet, then while the clients of the API
each add a fault to a link, change it and take it away, over and over. The faults are on the link that has the traffic, and strike
a tenth of the messages with a delay of a microsecond.

Clients, traffic and server share the machine with the proxy. What of a busy time is due to that alone shows a third kind of time, in
which the same clients make the same changes at the same pace to a second proxy, which carries no traffic. The three take turns.
"""

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import threading
import time


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def serve(ready):
    """Echoes on any number of connections."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    ready.put(listener.getsockname()[1])

    def echo(client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                client.sendall(data)

    while True:
        threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()


def ask(port, connections, pace, commands, results):
    """Asks on every connection in turn; at a command begins a new list of latencies and hands over the last."""
    clients = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(connections)]
    for client in clients:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    latencies, lost, due = [], 0, time.perf_counter()
    while True:
        for client in clients:
            due += pace
            time.sleep(max(0, due - time.perf_counter()))
            due = max(due, time.perf_counter() - 0.1)
            begin = time.perf_counter()
            try:
                client.sendall(b"0123456789abcdef")
                if not client.recv(64):
                    raise ConnectionError
            except OSError:
                lost += 1
            latencies.append(time.perf_counter() - begin)
        if not commands.empty():
            results.put((latencies, lost))
            if commands.get() == "end":
                return
            latencies = []


def change(api, count, pace, results):
    """Adds a fault, changes it, takes it away; a call each `pace` seconds."""
    host, port = api.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    times = []
    start = time.perf_counter()

    def call(method, path, body=None):
        time.sleep(max(0, start + len(times) * pace - time.perf_counter()))
        begin = time.perf_counter()
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        times.append(time.perf_counter() - begin)
        if answer.status >= 300:
            raise RuntimeError(f"{answer.status} {text}")
        return json.loads(text) if text else None

    def fault(delay):
        return {"on": "a", "inject": {"latency": {"delay": delay}}, "when": {"probability": "10%"}}

    while len(times) < count:
        number = call("POST", "/v1/faults", fault("1us"))["number"]
        call("PUT", f"/v1/faults/{number}", fault("2us"))
        call("DELETE", f"/v1/faults/{number}")
    results.put(times)


def resident(process):
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def proxy_before(upstream, binary):
    """A proxy with one link to `upstream`; where the link listens, and the API."""
    link = f"a=tcp,127.0.0.1:0,127.0.0.1:{upstream}"
    words = [os.path.abspath(binary), "proxy", "--api", "127.0.0.1:0", "--link", link]
    proxy = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    listen = int(proxy.stdout.readline().split()[2].rsplit(":", 1)[1])
    return proxy, listen, proxy.stdout.readline().split("http://")[1].strip()


def changes(api, share, options):
    """What each call took while all clients made their share of the changes."""
    pace = options.clients / options.rate if options.rate else 0
    results = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(target=change, args=(api, share, pace, results), daemon=True)
        for _ in range(options.clients)
    ]
    for client in clients:
        client.start()
    return [time for _ in clients for time in results.get()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--rate", type=int, default=0, help="changes a second of all clients; 0 is as fast as they can")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--binary", default=".build/release/faultline")
    options = parser.parse_args()
    ports, commands, latencies = (multiprocessing.Queue() for _ in range(3))
    server = multiprocessing.Process(target=serve, args=(ports,), daemon=True)
    server.start()
    upstream = ports.get()
    proxy, listen, api = proxy_before(upstream, options.binary)
    other, _, other_api = proxy_before(upstream, options.binary)
    times = {"quiet": [], "busy": [], "beside": []}
    calls, ratios, memory, lost, taken = [], {"quiet": [], "beside": []}, [resident(proxy.pid)], 0, 0
    try:
        traffic = multiprocessing.Process(
            target=ask, args=(listen, options.connections, 0.0005, commands, latencies), daemon=True)
        traffic.start()
        time.sleep(2)
        commands.put("next")
        latencies.get()
        share = options.changes // options.rounds // options.clients
        for _ in range(options.rounds):
            last = {}
            for kind in times:
                begin = time.time()
                if kind == "quiet":
                    time.sleep(taken or 10)
                elif kind == "busy":
                    calls += changes(api, share, options)
                    taken = time.time() - begin
                    memory.append(resident(proxy.pid))
                else:
                    changes(other_api, share, options)
                commands.put("next")
                last[kind], lost = latencies.get()
                times[kind] += last[kind]
            for kind, found in ratios.items():
                found.append(percentile(last["busy"], 0.99) / percentile(last[kind], 0.99))
        commands.put("end")
    finally:
        for process in (proxy, other):
            process.terminate()
            process.wait()
    print(f"{len(calls)} changes by {options.clients} clients beside {options.connections} connections")
    print("a change takes ms: " + ", ".join(
        f"p{share * 100:g} {percentile(calls, share) * 1e3:.2f}" for share in (0.5, 0.99, 0.999)) +
        f", most {max(calls) * 1e3:.2f}")
    for kind, values in times.items():
        print(f"traffic {kind} ms: p50 {percentile(values, 0.5) * 1e3:.3f}, p99 {percentile(values, 0.99) * 1e3:.3f}")
    for kind, found in ratios.items():
        print(f"p99 busy to {kind}: {statistics.median(found):.2f} ({min(found):.2f}-{max(found):.2f})")
    print(f"connections lost: {lost}")
    print("memory KiB: " + " ".join(map(str, memory)))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
