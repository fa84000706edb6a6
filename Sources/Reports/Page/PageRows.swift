package import Experiments

/// How many of a link's requests are known to belong to a document.
package struct AttributionShare: Hashable, Sendable {
    package var link: String
    package var requests: Int
    package var attributed: Int
    /// Seen while no document was in their lane: the worker's own, such as keeping a connection alive.
    package var idle: Int

    package init(link: String, requests: Int, attributed: Int, idle: Int = 0) {
        self.link = link
        self.requests = requests
        self.attributed = attributed
        self.idle = idle
    }

    package var unattributed: Int { requests - attributed - idle }
}

/// One window: what it waited for, and how often it struck. Times are seconds since the workload began.
package struct FaultRow: Hashable, Sendable {
    package var strike: Strike
    package var opened: Double?
    package var closed: Double?

    package init(_ strike: Strike, opened: Double? = nil, closed: Double? = nil) {
        self.strike = strike
        self.opened = opened
        self.closed = closed
    }
}

extension AttributionShare {
    /// One for each link that saw a request, sorted by name.
    package static func all(_ traffic: WireTraffic) -> [AttributionShare] {
        traffic.requests.keys.sorted().map { link in
            AttributionShare(
                link: link, requests: traffic.requests[link] ?? 0, attributed: traffic.attributed[link] ?? 0,
                idle: traffic.idle[link] ?? 0)
        }
    }
}
