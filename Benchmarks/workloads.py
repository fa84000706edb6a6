"""What is asked of a road, and how it is counted."""
import csv, glob, json, re, tempfile, time
from typing import Callable, NamedTuple, Optional

from machine import HOST, run


class Measure(NamedTuple):
    rate: float
    operations: float
    p50_ms: Optional[float] = None
    p99_ms: Optional[float] = None


class Workload(NamedTuple):
    unit: str
    """Operations of a CPU figure's unit: a million for microseconds an operation."""
    scale: float
    port: str
    run: Callable


def redis(port, count, *options, test="get"):
    command = ["redis-benchmark", "-h", HOST, "-p", str(port), "--csv", "-t", test, "-n", str(count), *options]
    row = next(csv.DictReader(line for line in run(command).splitlines() if line.startswith('"')))
    return Measure(float(row["rps"]), count, float(row["p50_latency_ms"]), float(row["p99_latency_ms"]))


def bulk(port, gigabytes, streams):
    command = ["iperf3", "-c", HOST, "-p", str(port), "-n", str(int(gigabytes * 1e9)), "-P", str(streams), "-J"]
    for _ in range(50):
        result = json.loads(run(command, may_fail=True))
        # The server may still be at the end of the test before: it says so, or a proxy makes a reset of it.
        if "error" not in result or result.get("intervals"):
            break
        time.sleep(0.1)
    if "error" in result:
        raise RuntimeError(f"iperf3: {result['error']}")
    received = result["end"]["sum_received"]
    return Measure(received["bits_per_second"] / 8e9, received["bytes"] / 1e9)


WRK_UNITS = {"us": 0.001, "ms": 1, "s": 1000}


def wrk(port, path, seconds, connections):
    text = run(["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--latency", f"http://{HOST}:{port}/{path}"])
    if "Socket errors" in text or "Non-2xx" in text:
        raise RuntimeError(f"wrk of /{path}:\n{text}")
    times = {share: float(number) * WRK_UNITS[unit]
             for share, number, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)\b", text)}
    count = int(re.search(r"(\d+) requests in", text)[1])
    return Measure(float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), count, times["50"], times["99"])


def pgbench(port, count, mode="simple", clients=8):
    with tempfile.TemporaryDirectory(prefix="faultline-pgbench-") as folder:
        text = run(["pgbench", "-h", HOST, "-p", str(port), "-U", "app", "-n", "-S", "-M", mode, "-c", str(clients), "-t",
                    str(count // clients), "-l", f"--log-prefix={folder}/log", "postgres"])
        times = []
        for path in glob.glob(f"{folder}/log*"):
            with open(path) as file:
                times += [int(line.split()[2]) / 1000 for line in file]
    times.sort()
    rate = float(re.search(r"tps = ([\d.]+) \(without", text)[1])
    return Measure(rate, len(times), times[len(times) // 2], times[len(times) * 99 // 100])


def all_workloads(scale):
    """By name, in the order of the table; `scale` is a factor of the work in each."""
    count = lambda usual: max(100, int(usual * scale))
    seconds = max(1, round(2 * scale))
    micro = lambda what, port, function: Workload(f"us a {what}", 1e6, port, function)
    web = lambda port, path, connections: micro("request", port, lambda p: wrk(p, path, seconds, connections))
    return {
        "redis GET, 50 connections": micro("request", "redis", lambda p: redis(p, count(60000), "-c", "50")),
        "redis GET, 1 connection": micro("request", "redis", lambda p: redis(p, count(15000), "-c", "1")),
        "redis GET, 16 in a pipeline": micro("request", "redis", lambda p: redis(p, count(600000), "-c", "50", "-P", "16")),
        **{f"redis SET, {depth} in a pipeline, read as Redis": micro(
            "request", "redis messages",
            lambda p, depth=depth, most=most: redis(p, count(most), "-c", "50", "-P", str(depth), test="set"))
           for depth, most in ((1, 60000), (16, 600000), (128, 2000000))},
        "pgbench -S, 8 connections": micro("transaction", "postgres", lambda p: pgbench(p, count(16000))),
        **{f"pgbench -S -M {mode}, read as PostgreSQL": micro(
            "transaction", "postgres messages", lambda p, mode=mode: pgbench(p, count(16000), mode))
           for mode in ("simple", "extended", "prepared")},
        "new connections": micro("connection", "redis", lambda p: redis(p, count(8000), "-c", "50", "-k", "0")),
        "bulk, 1 connection": Workload("s a GB", 1, "bulk", lambda p: bulk(p, 2 * scale, 1)),
        "bulk, 8 connections": Workload("s a GB", 1, "bulk", lambda p: bulk(p, 2 * scale, 8)),
        "1 KiB over HTTP, as bytes": web("web", "1k", 16),
        "1 MiB over HTTP, as bytes": web("web", "1m", 4),
        "1 KiB over HTTP, read as HTTP": web("web over http", "1k", 16),
        "1 KiB over HTTP, read as HTTP beside bytes": web("web messages", "1k", 16),
        "1 MiB over HTTP, read as HTTP": web("web over http", "1m", 4),
    }
