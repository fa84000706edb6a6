#!/usr/bin/env python3
"""Workflows a second: the reference pipeline on Temporal, through the links, beside what the server can do at most.

Each round runs 250 workflows of as many no-op activities as an ingestion has, then 250 documents. Both are measured in
the same run, so that their ratio means something on any machine. The stack must be up.

    python3 Benchmarks/temporal.py --rounds 3
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACTIVITIES = 13
USERS_OWN = 2.9


def faultline(*words):
    program = ROOT / ".build/release/faultline"
    done = subprocess.run([program, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0,):
        sys.exit(f"faultline {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def ceiling(address, concurrency):
    measured = faultline(
        "temporal-ceiling", "--address", address, "--activities", str(ACTIVITIES), "--concurrency", str(concurrency))
    return measured["workflows"] / measured["seconds"]


def pipeline(engine, seed):
    with tempfile.TemporaryDirectory() as folder:
        answer = faultline(
            "run", "Benchmarks/temporal.yaml", "--engine", engine, "--seed", str(seed), "--format", "json", "--out",
            folder)
        run = answer["experiments"][0]
        verdict = json.loads((pathlib.Path(run["folder"]) / "verdict.json").read_text())
        seconds = next(phase["seconds"] for phase in verdict["phases"] if phase["phase"] == "workload")
        return run["documents"]["succeeded"] / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=10)
    options = parser.parse_args()
    services = faultline("stack", "status", "--format", "json")["services"]
    address = next(service["address"] for service in services if service["service"] == "temporal")
    rows = {"no-op ceiling": [], "on Temporal": [], "embedded": []}
    for number in range(options.rounds):
        rows["no-op ceiling"].append(ceiling(address, options.concurrency))
        rows["on Temporal"].append(pipeline("temporal", options.seed + number))
        rows["embedded"].append(pipeline("embedded", options.seed + number))
    top = statistics.median(rows["no-op ceiling"])
    print(f"{'workflows a second':<20} {'median':>8} {'lowest':>8} {'highest':>8} {'of ceiling':>11}")
    for name, values in rows.items():
        middle = statistics.median(values)
        print(f"{name:<20} {middle:>8.1f} {min(values):>8.1f} {max(values):>8.1f} {middle / top:>11.2f}")
    print(f"{'the users own':<20} {USERS_OWN:>8.1f}")


main()
