import Glibc

/// Time of the monotonic clock in nanoseconds, the one unit of time on an event loop.
package struct Nanoseconds: Hashable, Comparable, Sendable {
    package var rawValue: Int64

    @inlinable package init(_ rawValue: Int64) { self.rawValue = rawValue }

    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        rawValue = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    @inlinable package static var zero: Nanoseconds { Nanoseconds(0) }
    @inlinable package static var never: Nanoseconds { Nanoseconds(.max) }

    /// The monotonic clock, now.
    package static func now() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    // Spelt out and inlinable, as the hot path compares times for each message.
    @inlinable package static func == (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.rawValue == right.rawValue
    }
    @inlinable package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.rawValue < right.rawValue }
    @inlinable package static func > (left: Nanoseconds, right: Nanoseconds) -> Bool { left.rawValue > right.rawValue }
    @inlinable package static func <= (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.rawValue <= right.rawValue
    }
    @inlinable package static func >= (left: Nanoseconds, right: Nanoseconds) -> Bool {
        left.rawValue >= right.rawValue
    }

    @inlinable package static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.rawValue &+ right.rawValue)
    }

    @inlinable package static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.rawValue &- right.rawValue)
    }
}
