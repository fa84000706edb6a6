package import Experiments

/// How many of a link's requests are known to belong to a document.
package struct AttributionShare: Hashable, Sendable {
    package var link: String
    package var requests: Int
    package var attributed: Int

    package init(link: String, requests: Int, attributed: Int) {
        self.link = link
        self.requests = requests
        self.attributed = attributed
    }

    package var unattributed: Int { requests - attributed }
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
