#!/usr/bin/env python3
"""A tcp link of Faultline beside haproxy and a direct connection, in one interleaved run.

    python3 Benchmarks/proxy.py [--rounds 7] [--seed N]

Every round runs each workload against each road once, in an order shuffled by the seed. CPU is what the proxy itself
spent (/proc/PID/task/*/schedstat), by operation; throughput is the ratio to the direct road of the same round.
Needs `swift build -c release`, and Debian's redis-server, redis-tools, haproxy and iperf3. All stays on 127.0.0.1.
"""
import argparse, csv, glob, io, json, os, random, shutil, socket, statistics, subprocess, sys, tempfile, time

PACKAGES = {"redis-server": "redis-server", "redis-benchmark": "redis-tools", "haproxy": "haproxy", "iperf3": "iperf3"}
BINARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".build", "release", "faultline")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, name):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"{name} ended with {process.returncode} before it listened")
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
    sys.exit(f"{name} does not listen on {port}")


def cpu_seconds(process):
    total = 0
    for path in glob.glob(f"/proc/{process.pid}/task/*/schedstat"):
        with open(path) as file:
            total += int(file.read().split()[0])
    return total / 1e9


def redis_benchmark(port, *options, count):
    command = ["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "--csv", "-n", str(count), *options]
    output = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    rows = [row for row in csv.reader(io.StringIO(output)) if row and row[0] != "test"]
    return float(rows[0][1]), count


def bulk(port):
    command = ["iperf3", "-c", "127.0.0.1", "-p", str(port), "-n", "2G", "-J"]
    end = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)["end"]
    return end["sum_received"]["bits_per_second"] / 8e9, end["sum_received"]["bytes"] / 1e9


WORKLOADS = {
    "redis GET, 50 connections": ("us a request", 1e6, lambda p: redis_benchmark(p[0], "-t", "get", "-c", "50", count=60000)),
    "redis GET, 1 connection": ("us a request", 1e6, lambda p: redis_benchmark(p[0], "-t", "get", "-c", "1", count=15000)),
    "new connections": ("us each", 1e6, lambda p: redis_benchmark(p[0], "-t", "get", "-c", "50", "-k", "0", count=8000)),
    "bulk, 1 connection": ("s a GB", 1, lambda p: bulk(p[1])),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    missing = [package for tool, package in PACKAGES.items() if not shutil.which(tool)]
    if missing:
        sys.exit(f"missing Debian packages: {' '.join(missing)}")
    if not os.path.exists(BINARY):
        sys.exit("missing .build/release/faultline: run `swift build -c release`")
    folder, children = tempfile.mkdtemp(prefix="faultline-benchmark-"), []

    def start(name, command, port):
        log = open(os.path.join(folder, f"{name}.log"), "w")
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        children.append(child)
        wait_for(port, child, name)
        return child

    try:
        redis, iperf = free_port(), free_port()
        start("redis", ["redis-server", "--bind", "127.0.0.1", "--port", str(redis), "--save", "", "--dir", folder], redis)
        start("iperf3", ["iperf3", "-s", "-B", "127.0.0.1", "-p", str(iperf)], iperf)
        roads = {"direct": ((redis, iperf), None)}
        ports = (free_port(), free_port())
        config = os.path.join(folder, "haproxy.cfg")
        with open(config, "w") as file:
            file.write("global\n  tune.bufsize 65536\n  nbthread 1\ndefaults\n  mode tcp\n  timeout connect 5s\n"
                       "  timeout client 1h\n  timeout server 1h\n")
            for port, upstream in zip(ports, (redis, iperf)):
                file.write(f"listen l{port}\n  bind 127.0.0.1:{port} backlog 4096\n  server s 127.0.0.1:{upstream}\n")
        roads["haproxy"] = (ports, start("haproxy", ["haproxy", "-db", "-f", config], ports[0]))
        for name, history in (("faultline, no history", []), ("faultline, history", ["--history", os.path.join(folder, "wire.ndjson")])):
            ports = (free_port(), free_port())
            links = [w for label, port, up in zip(("redis", "bulk"), ports, (redis, iperf))
                     for w in ("--link", f"{label}=tcp,127.0.0.1:{port},127.0.0.1:{up}")]
            roads[name] = (ports, start(name, [BINARY, "proxy", *links, *history], ports[0]))
        figures = {(workload, road): [] for workload in WORKLOADS for road in roads}
        shuffled = random.Random(options.seed)
        for number in range(options.rounds):
            for workload, (_, scale, run) in WORKLOADS.items():
                order, measured = list(roads), {}
                shuffled.shuffle(order)
                for road in order:
                    ports, process = roads[road]
                    before = cpu_seconds(process) if process else 0
                    rate, operations = run(ports)
                    spent = (cpu_seconds(process) - before) / operations * scale if process else None
                    measured[road] = (rate, spent)
                for road, (rate, spent) in measured.items():
                    figures[workload, road].append((rate / measured["direct"][0], spent, measured["haproxy"][1]))
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        report(figures, roads, options)
    finally:
        for child in reversed(children):
            child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        shutil.rmtree(folder, ignore_errors=True)


def report(figures, roads, options):
    print(f"{options.rounds} rounds, seed {options.seed}; medians, lowest to highest in brackets\n")
    print("| workload | road | CPU | of haproxy's, paired | throughput of direct's |\n|---|---|---|---|---|")
    for workload, (unit, _, _) in WORKLOADS.items():
        for road in [road for road in roads if road != "direct"]:
            rows = figures[workload, road]
            cpu, pairs, rates = [r[1] for r in rows], [r[1] / r[2] for r in rows], [r[0] for r in rows]
            show = lambda v, digits: f"{statistics.median(v):.{digits}f} ({min(v):.{digits}f}-{max(v):.{digits}f})"
            print(f"| {workload} | {road} | {show(cpu, 2)} {unit} | {show(pairs, 2)} | {show(rates, 2)} |")


if __name__ == "__main__":
    main()
