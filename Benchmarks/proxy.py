#!/usr/bin/env python3
"""Links of Faultline beside haproxy, nginx, Toxiproxy and a direct connection, in one interleaved run.

    python3 Benchmarks/proxy.py [--rounds 7] [--seed N] [--pin] [--toxiproxy BINARY] [--json FILE]

Every round runs each workload down each road once, in an order shuffled by the seed; see Benchmarks/README.md.
Needs `swift build -c release` and Debian packages, which it names. All stays on 127.0.0.1.
"""
import argparse, json, os, random, sys

import accuracy, memory, report, roads, workloads
from machine import Children, Cores, cpu_seconds, description, interrupt_on_terminate, progress, raise_descriptor_limit
from servers import Servers, check_packages

PARTS = ["work", "memory", "accuracy"]


def options():
    names = list(workloads.all_workloads(1))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="workloads: " + "; ".join(names) + "\nroads: " + "; ".join(roads.NAMES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the order")
    parser.add_argument("--scale", type=float, default=1, help="factor of the work in each measurement")
    parser.add_argument("--pin", action="store_true", help="the proxy on one processor, all else on the others")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--workloads", nargs="+", metavar="WORD", help="only those that have one of these words in their name")
    parser.add_argument("--roads", nargs="+", choices=roads.NAMES, default=roads.NAMES, metavar="ROAD")
    parser.add_argument("--toxiproxy", metavar="BINARY", help="toxiproxy-server, measured beside the others")
    parser.add_argument("--faultline", metavar="BINARY", default=roads.BINARY, help="instead of this clone's release build")
    parser.add_argument("--beside", action="append", default=[], metavar="BINARY",
                        help="a further faultline, with a history, to compare two builds; may be repeated")
    parser.add_argument("--idle", type=int, default=1000, help="idle connections whose memory is measured")
    parser.add_argument("--json", metavar="FILE", help="writes every single figure here")
    chosen = parser.parse_args()
    chosen.workloads = [name for name in names
                        if not chosen.workloads or any(word in name for word in chosen.workloads)]
    if not chosen.workloads:
        parser.error("no workload has one of these words in its name")
    return chosen


def measure_work(chosen, ways, all_workloads):
    """Every workload down every road, `rounds` times."""
    figures = {name: {road.name: [] for road in ways if all_workloads[name].port in road.ports} for name in chosen.workloads}
    shuffled = random.Random(chosen.seed)
    for way in ways:
        way.start()
    for number in range(chosen.rounds):
        for name in chosen.workloads:
            workload = all_workloads[name]
            order = [road for road in ways if workload.port in road.ports]
            shuffled.shuffle(order)
            measured = {}
            for road in order:
                progress(f"round {number + 1} of {chosen.rounds}: {name}: {road.name}")
                before = cpu_seconds(road.process) if road.process else 0
                try:
                    result = workload.run(road.ports[workload.port])
                except Exception:
                    road.check()
                    raise
                spent = (cpu_seconds(road.process) - before) / result.operations * workload.scale if road.process else None
                measured[road.name] = {"rate": result.rate, "cpu": spent, "p50_ms": result.p50_ms, "p99_ms": result.p99_ms}
            for road_name, row in measured.items():
                row["cpu_of_haproxy"] = measured.get("haproxy", {}).get("cpu")
                row["rate_of_direct"] = measured.get("direct", {}).get("rate")
                figures[name][road_name].append(row)
    for way in ways:
        way.stop()
    return figures


def measure_memory(chosen, ways):
    rows = {}
    for number in range(min(chosen.rounds, 3)):
        for road in ways:
            for port, link in (("redis", "tcp"), ("web over http", "http")):
                if road.name != "direct" and port in road.ports:
                    progress(f"memory: {road.name}, {link}")
                    rows.setdefault((road.name, link), []).append(memory.growth(road, port, chosen.idle))
    return rows


def main():
    chosen = options()
    check_packages()
    for binary in [chosen.faultline, *chosen.beside]:
        if not os.path.exists(binary):
            sys.exit(f"missing {binary}: run `swift build -c release`")
    interrupt_on_terminate()
    raise_descriptor_limit()
    machine, all_workloads = description(), workloads.all_workloads(chosen.scale)
    children = Children(Cores(chosen.pin))
    result = {"machine": machine, "arguments": sys.argv[1:], "seed": chosen.seed, "rounds": chosen.rounds}
    try:
        servers = Servers(children)
        servers.start()
        ways = roads.make(chosen, children, servers)
        print(f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}, {machine['date']}, load "
              f"{machine['load_at_start']:.1f} at the start; {chosen.rounds} rounds, seed {chosen.seed}"
              f"{', pinned' if chosen.pin else ''}; medians, lowest to highest in brackets\n")
        if "work" in chosen.parts:
            result["work"] = measure_work(chosen, ways, all_workloads)
            report.paired_table(result["work"])
            report.work_table(result["work"], all_workloads)
        if "memory" in chosen.parts:
            rows = measure_memory(chosen, ways)
            report.memory_table(rows, chosen.idle)
            result["memory"] = [{"road": road, "link": link, "rss_pss_mb": values} for (road, link), values in rows.items()]
        if "accuracy" in chosen.parts:
            progress("accuracy of faults")
            toxiproxy = next((road for road in ways if road.name == "toxiproxy"), None)
            result["accuracy"] = accuracy.measure(children, servers, chosen.faultline, toxiproxy, samples=200, seconds=5)
            report.accuracy_tables(result["accuracy"])
        if chosen.json:
            with open(chosen.json, "w") as file:
                json.dump(result, file, indent=1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        children.close()


if __name__ == "__main__":
    main()
