"""Traffic beside those who watch it: whether they slow it, and whether what they could not be shown is counted.

    python3 Benchmarks/watch.py [--rate 3000] [--seconds 4] [--rounds 6] [--seed N] [--beside BINARY] [--binary .build/release/faultline]

A link that speaks redis leads to a redis-server. A client asks at a steady pace, each request and each answer being a message,
while nobody watches, `faultline watch` does, sixteen read the stream of events (the most that may), and `faultline watch` is
stopped by SIGSTOP. All of these come once in each round, in an order that the seed shuffles. `--rate 0` asks as fast as it goes.

What every watcher was shown and what it was told that it missed must be the messages that there were, no more and no fewer: the
exit code is 1 otherwise.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

WAYS = ("none", "one", "sixteen", "stopped")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Proxy:
    """A proxy with its link, and a client's connections through it."""

    def __init__(self, binary, upstream, connections):
        self.binary = os.path.abspath(binary)
        words = [self.binary, "proxy", "--api", "127.0.0.1:0", "--link", f"r=redis,127.0.0.1:0,127.0.0.1:{upstream}"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        listen = int(self.process.stdout.readline().split()[2].rsplit(":", 1)[1])
        self.api = self.process.stdout.readline().split("http://")[1].strip()
        self.clients = [socket.create_connection(("127.0.0.1", listen), timeout=20) for _ in range(connections)]
        for client in self.clients:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ask(50, 0)

    def ask(self, count, pace):
        """So many requests in turn; their latencies, and how long all took."""
        request, latencies = b"*2\r\n$3\r\nGET\r\n$16\r\n0123456789abcdef\r\n", []
        start = time.perf_counter()
        due = start
        for index in range(count):
            if pace:
                due += pace
                time.sleep(max(0, due - time.perf_counter()))
                due = max(due, time.perf_counter() - 0.05)
            client = self.clients[index % len(self.clients)]
            begin = time.perf_counter()
            client.sendall(request)
            if client.recv(64) != b"$-1\r\n":
                raise RuntimeError("that was no answer of Redis's")
            latencies.append(time.perf_counter() - begin)
        return latencies, time.perf_counter() - start

    def cpu(self):
        """Seconds that the proxy has spent so far, on all threads."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def settle(self):
        """Waits until nobody watches any more: that one has left shows when he is written to, after some seconds at most."""
        deadline = time.time() + 12
        while time.time() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{self.api}/metrics") as page:
                if b"\nfaultline_watchers 0\n" in page.read():
                    return
            time.sleep(0.2)

    def end(self):
        self.process.terminate()
        self.process.wait()


class Command:
    """`faultline watch` as a process."""

    def __init__(self, proxy):
        self.lines = tempfile.TemporaryFile()
        words = [proxy.binary, "watch", "r", "--api", proxy.api]
        self.process = subprocess.Popen(words, stdout=self.lines, stderr=subprocess.PIPE, text=True)
        if (told := self.process.stderr.readline()) != "watching\n":
            raise RuntimeError(f"faultline watch does not watch: {told}")

    def shown(self):
        # The process writes by the same offset, which must stay where it is.
        size = os.fstat(self.lines.fileno()).st_size
        return sum(os.pread(self.lines.fileno(), 1 << 20, start).count(b"\n") for start in range(0, size, 1 << 20))

    def signal(self, number):
        self.process.send_signal(number)

    def results(self, expected):
        """What it has shown and missed, once it has shown nothing more for a while."""
        last, since = -1, time.time()
        while (now := self.shown()) != expected and time.time() - since < 1.5:
            if now != last:
                last, since = now, time.time()
            time.sleep(0.1)
        self.process.send_signal(signal.SIGINT)
        told = self.process.stderr.read()
        self.process.wait()
        missed = int(told.split()[0]) if "could not be shown" in told else 0
        return [(self.shown(), missed)]


def read(api, count, pipe):
    """Reads so many streams of events and counts, which costs the machine as little as can be. A process of its own, so that the
    client's times are none of the interpreter's lock."""
    host, port = api.rsplit(":", 1)
    waiting, counts, rests = selectors.DefaultSelector(), [[0, 0] for _ in range(count)], [b""] * count
    for index in range(count):
        stream = socket.create_connection((host, int(port)), timeout=20)
        stream.sendall(f"GET /v1/events?link=r HTTP/1.1\r\nHost: {api}\r\n\r\n".encode())
        waiting.register(stream, selectors.EVENT_READ, index)
    ready, expected, quiet = 0, None, time.time()
    while expected is None or (any(sum(one) != expected for one in counts) and time.time() - quiet < 1.5):
        if expected is None and pipe.poll():
            expected, quiet = pipe.recv(), time.time()
        for key, _ in waiting.select(0.05):
            lines = (rests[key.data] + key.fileobj.recv(1 << 18)).split(b"\n")
            rests[key.data] = lines.pop()
            for line in lines:
                if line.startswith(b"data: {\"missed\""):
                    counts[key.data][1] += int(line.split(b":")[2].rstrip(b"}\r"))
                elif line.startswith(b"data: "):
                    counts[key.data][0] += 1
                elif line.startswith(b": watching"):
                    ready += 1
                    if ready == count:
                        pipe.send(None)
                else:
                    continue
                quiet = time.time()
    pipe.send(counts)


class Readers:
    def __init__(self, proxy, count):
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=read, args=(proxy.api, count, other), daemon=True)
        self.process.start()
        if not self.pipe.poll(20):
            raise RuntimeError("the stream of events does not begin")
        self.pipe.recv()

    def results(self, expected):
        self.pipe.send(expected)
        counts = self.pipe.recv()
        self.process.join()
        return [tuple(one) for one in counts]


def measure(proxy, way, count, pace):
    """One way of watching: latencies, requests a second, CPU for a request, and what was shown and missed by each."""
    proxy.settle()
    watchers = {"none": lambda: None, "sixteen": lambda: Readers(proxy, 16)}.get(way, lambda: Command(proxy))()
    if way == "stopped":
        watchers.signal(signal.SIGSTOP)
    before = proxy.cpu()
    latencies, taken = proxy.ask(count, pace)
    spent = proxy.cpu() - before
    if way == "stopped":
        watchers.signal(signal.SIGCONT)
    return latencies, count / taken, spent / count, watchers.results(2 * count) if watchers else []


def tell(name, figures):
    print(f"{name}:")
    for way in WAYS:
        latencies = [latency for one in figures[way] for latency in one[0]]
        ratios = [percentile(one[0], 0.99) / percentile(none[0], 0.99) for one, none in zip(figures[way], figures["none"])]
        medians = [percentile(one[0], 0.5) / percentile(none[0], 0.5) for one, none in zip(figures[way], figures["none"])]
        rates = [one[1] / none[1] for one, none in zip(figures[way], figures["none"])]
        shown = sum(shown for one in figures[way] for shown, _ in one[3])
        missed = sum(missed for one in figures[way] for _, missed in one[3])
        print(
            f"  {way:8} p50 {percentile(latencies, 0.5) * 1e6:6.0f} us  p99 {percentile(latencies, 0.99) * 1e6:6.0f} us"
            f"  {2 * statistics.median(one[1] for one in figures[way]):7.0f} messages/s"
            f"  CPU {statistics.median(one[2] for one in figures[way]) * 1e6:5.0f} us a request"
            f"  to none: p50 {statistics.median(medians):.2f}, p99 {statistics.median(ratios):.2f}"
            f" ({min(ratios):.2f}-{max(ratios):.2f}), rate {statistics.median(rates):.2f}"
            f"  shown {shown}, missed {missed}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=3000, help="requests a second; 0 is as fast as it goes")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--binary", default=".build/release/faultline")
    parser.add_argument("--beside", help="another build, measured in the same rounds")
    options = parser.parse_args()
    server = shutil.which("redis-server") or sys.exit("redis-server is missing: install Debian's package redis-server")
    print(f"seed {options.seed}")
    order = random.Random(options.seed)
    port = free_port()
    redis = subprocess.Popen([server, "--port", str(port), "--bind", "127.0.0.1", "--save", ""], stdout=subprocess.DEVNULL)
    proxies, wrong = {}, []
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        for name, binary in (("this build", options.binary), ("beside", options.beside)):
            if binary:
                proxies[name] = Proxy(binary, port, options.connections)
        figures = {name: {way: [] for way in WAYS} for name in proxies}
        count = int((options.rate or 6000) * options.seconds)
        pace = 1 / options.rate if options.rate else 0
        for _ in range(options.rounds):
            runs = [(name, way) for name in proxies for way in WAYS]
            order.shuffle(runs)
            for name, way in runs:
                figures[name][way].append(measure(proxies[name], way, count, pace))
                for shown, missed in figures[name][way][-1][3]:
                    if shown + missed != 2 * count:
                        wrong.append(f"{name}, {way}: {shown} shown and {missed} missed of {2 * count} messages")
        for name in proxies:
            tell(name, figures[name])
    finally:
        for proxy in proxies.values():
            proxy.end()
        redis.terminate()
        redis.wait()
    for line in wrong:
        print("WRONG", line)
    print("what was shown and missed is the whole" if not wrong else f"{len(wrong)} watchers do not add up")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
