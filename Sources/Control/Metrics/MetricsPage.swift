import Foundation
import Proxy

/// What links, faults and the history have done so far, for Prometheus to scrape.
///
/// Labels are links, directions and kinds of fault. What a fault is called, or its number, is none: faults come and go, and
/// each would leave a series behind.
struct MetricsPage: Sendable {
    private let live: LiveLinks
    private let version: String
    /// When this instance began, in seconds since 1970.
    private let start = Date().timeIntervalSince1970

    init(_ live: LiveLinks, version: String) {
        self.live = live
        self.version = version
    }

    func answer(_ request: APIRequest) async -> APIAnswer {
        guard request.method == "GET" else { return APIAnswer(status: 405, type: nil, allow: "GET") }
        do {
            return APIAnswer(
                status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: Array(try await text.utf8))
        } catch {
            return APIError(error).answer
        }
    }

    private var text: String {
        get async throws {
            let set = await live.now.set
            let counts = try await live.counts(of: set.links.map(\.name))
            let links = set.links.map { link in
                CountedLink(link: link, faults: set.faults(on: link.name), counts: counts[link.name] ?? LinkCounts())
            }
            let metrics =
                instance + LinkMetrics.all(links) + FaultMetrics.all(links, leases: set.leases.count)
                + HistoryMetrics.all(live.historyCounts) + ToxiproxyMetrics.all(links)
            return metrics.map(\.text).joined()
        }
    }

    private var instance: [Metric] {
        var build = Metric("faultline_build_info", .gauge, "Which build of faultline this is; always 1.")
        build.add(1, ["version": version])
        var started = Metric(
            "faultline_start_time_seconds", .gauge, "When this proxy was started, in seconds since 1970.")
        started.add(seconds: start)
        return [build, started]
    }
}

/// A link that stands, with its faults and what it has counted.
struct CountedLink {
    let link: LiveLink
    let faults: [LiveFault]
    let counts: LinkCounts

    var name: String { link.name }
}
