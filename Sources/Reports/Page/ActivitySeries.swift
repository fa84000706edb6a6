/// Counts over time, in equal buckets whose width doubles as time goes on: memory is bounded however long a run is.
package struct ActivitySeries: Hashable, Sendable {
    package struct Counts: Hashable, Sendable {
        package var requests: [Int]
        /// Messages that a window struck.
        package var struck: [Int]
    }

    package static let bucketsMax = 180

    /// History time of the first bucket's beginning, in nanoseconds.
    package private(set) var origin: Int64 = 0
    /// Of one bucket, in nanoseconds.
    package private(set) var width: Int64 = 1_000_000
    /// By link; all have `count` buckets.
    package private(set) var links: [String: Counts] = [:]
    /// Buckets up to the last one that something fell into.
    package private(set) var count = 0

    package init() {}

    /// Widens the buckets, where it must, so that this time has one too.
    package mutating func reach(_ time: Int64) {
        guard count > 0, time > origin else { return }
        while (time - origin) / width >= Int64(Self.bucketsMax) { double() }
        count = max(count, Int((time - origin) / width) + 1)
    }

    /// Time before the first event's counts as the first event's: a message is recorded when it ends.
    package mutating func add(_ link: String, at time: Int64, request: Bool, struck: Bool) {
        if count == 0 { origin = time }
        let offset = max(0, time - origin)
        while offset / width >= Int64(Self.bucketsMax) { double() }
        let bucket = Int(offset / width)
        count = max(count, bucket + 1)
        links[link, default: Counts(requests: [], struck: [])].add(bucket, request: request, struck: struck)
    }

    /// With as many buckets as the longest.
    package func counts(of link: String) -> Counts {
        var counts = links[link] ?? Counts(requests: [], struck: [])
        counts.reach(count)
        return counts
    }

    private mutating func double() {
        width *= 2
        count = (count + 1) / 2
        links = links.mapValues { Counts(requests: Self.paired($0.requests), struck: Self.paired($0.struck)) }
    }

    private static func paired(_ counts: [Int]) -> [Int] {
        stride(from: 0, to: counts.count, by: 2).map { counts[$0] + ($0 + 1 < counts.count ? counts[$0 + 1] : 0) }
    }
}

extension ActivitySeries.Counts {
    fileprivate mutating func add(_ bucket: Int, request: Bool, struck isStruck: Bool) {
        reach(bucket + 1)
        if request { requests[bucket] += 1 }
        if isStruck { struck[bucket] += 1 }
    }

    fileprivate mutating func reach(_ count: Int) {
        guard requests.count < count else { return }
        let missing = [Int](repeating: 0, count: count - requests.count)
        requests += missing
        struck += missing
    }
}
