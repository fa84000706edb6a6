/// How long faults held messages back: how many of them, for how long altogether, and how many for at most how long.
package struct AddedLatency: Hashable, Sendable {
    /// The upper bounds of all buckets but the last, in nanoseconds: 1 ms to 60 s.
    package static let bounds: [Int64] = [
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000, 60_000_000_000,
    ]

    /// Messages by bucket, each in one. The last has no bound.
    package private(set) var buckets = [Int](repeating: 0, count: Self.bounds.count + 1)
    /// Nanoseconds.
    package private(set) var sum: Int64 = 0

    package init() {}

    package var count: Int { buckets.reduce(0, +) }

    /// So many messages were held back for so long each.
    package mutating func observe(_ nanoseconds: Int64, count: Int = 1) {
        buckets[Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count] += count
        sum += nanoseconds * Int64(count)
    }

    package mutating func add(_ other: AddedLatency) {
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        sum += other.sum
    }
}
