import Glibc

/// Time of the monotonic clock in nanoseconds, the one unit of time on an event loop.
package struct Nanoseconds: Hashable, Comparable, Sendable {
    package var rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        rawValue = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    package static let zero = Nanoseconds(0)
    package static let never = Nanoseconds(.max)

    /// The monotonic clock, now.
    package static func now() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.rawValue < right.rawValue }

    package static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.rawValue &+ right.rawValue)
    }

    package static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.rawValue &- right.rawValue)
    }
}
