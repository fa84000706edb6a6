"""Figures as tables: medians, lowest to highest in brackets."""
import statistics


def spread(values, digits=2):
    if not values:
        return "-"
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def ratios(rows, field, other):
    return [row[field] / row[other] for row in rows if row.get(field) is not None and row.get(other)]


def present(rows, field):
    return [row[field] for row in rows if row.get(field) is not None]


def paired_table(figures):
    """One row a workload: haproxy's CPU in figures, that of the others as a ratio to it."""
    roads = [road for road in dict.fromkeys(road for rows in figures.values() for road in rows) if road != "direct"]
    print("| CPU of the proxy, of haproxy's of the same round | " + " | ".join(roads) + " |")
    print("|---|" + "---|" * len(roads))
    for workload, rows in figures.items():
        cells = [spread(ratios(rows.get(road, []), "cpu", "cpu_of_haproxy")) for road in roads]
        print(f"| {workload} | " + " | ".join(cells) + " |")
    print()


def work_table(figures, workloads):
    print("| workload | road | CPU of the proxy | of haproxy's, paired | throughput of direct's | p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|---|")
    for workload, roads in figures.items():
        for road, rows in roads.items():
            cpu = f"{spread(present(rows, 'cpu'))} {workloads[workload].unit}" if present(rows, "cpu") else "-"
            print(f"| {workload} | {road} | {cpu} | {spread(ratios(rows, 'cpu', 'cpu_of_haproxy'))} | "
                  f"{spread(ratios(rows, 'rate', 'rate_of_direct'))} | {spread(present(rows, 'p50_ms'))} | "
                  f"{spread(present(rows, 'p99_ms'))} |")


def memory_table(rows, count):
    print(f"\n| memory of {count} idle connections | link | resident, MB more | proportional, MB more |\n|---|---|---|---|")
    for (road, link), values in rows.items():
        print(f"| {road} | {link} | {spread([v[0] for v in values])} | {spread([v[1] for v in values])} |")


def accuracy_tables(result):
    print("\n| latency 50 ms | mean over it, ms | standard deviation, us | worst, ms over it |\n|---|---|---|---|")
    for name, row in result["latency"].items():
        print(f"| {name} | {row['mean_ms']:.3f} | {row['deviation_us']:.0f} | {row['worst_ms']:.3f} |")
    print("\n| bandwidth | rate | error | longest gap, ms |\n|---|---|---|---|")
    for row in result["bandwidth"]:
        print(f"| {row['road']} | {row['rate']} | {row['error_percent']:+.2f} % | {row['longest_gap_ms']:.1f} |")
