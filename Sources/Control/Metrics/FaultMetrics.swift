import Faults
import Proxy
import Wire

/// What faults there are, how often they have struck, and for how long they have held messages back.
enum FaultMetrics {
    static func all(_ links: [CountedLink], leases: Int) -> [Metric] {
        var leased = Metric("faultline_leases", .gauge, "Leases that have not run out.")
        leased.add(leases)
        return [inForce(links), strikes(links), addedLatency(links), leased]
    }

    /// A toxic without effect is not in it.
    private static func inForce(_ links: [CountedLink]) -> Metric {
        var faults = Metric("faultline_faults", .gauge, "Faults that a link has now, by their kind.")
        for link in links {
            let kinds = link.faults.compactMap { $0.draft.window.map { type(of: $0.fault).kind } }
            for (kind, count) in Dictionary(kinds.map { ($0, 1) }, uniquingKeysWith: +).sorted(by: { $0.key < $1.key })
            {
                faults.add(count, ["link": link.name, "kind": kind])
            }
        }
        return faults
    }

    private static func strikes(_ links: [CountedLink]) -> Metric {
        var strikes = Metric(
            "faultline_fault_strikes_total", .counter,
            "How often faults of a kind have struck on a link, those that are gone as well.")
        for link in links {
            for (kind, count) in link.counts.strikes.sorted(by: { $0.key < $1.key }) {
                strikes.add(count, ["link": link.name, "kind": kind])
            }
        }
        return strikes
    }

    private static func addedLatency(_ links: [CountedLink]) -> Metric {
        var latency = Metric(
            "faultline_added_latency_seconds", .histogram,
            "For how long faults have held back messages that arrived in the end; chunks of bytes on links that speak tcp."
        )
        for link in links {
            for direction in Direction.allCases {
                let added = link.counts[direction].addedLatency
                latency.add(
                    LinkMetrics.labels(link, direction),
                    buckets: zip(AddedLatency.bounds, added.buckets).map { (Double($0) / 1e9, $1) },
                    rest: added.buckets[AddedLatency.bounds.count], sum: Double(added.sum) / 1e9)
            }
        }
        return latency
    }
}
