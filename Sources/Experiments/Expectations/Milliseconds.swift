/// Times of the wire history are in nanoseconds; what services and clients ask for is in whole milliseconds. A time that has
/// passed is rounded up to the next one, so that nobody is accused for less than a millisecond.
enum Milliseconds {
    static func passed(from start: Int64, to end: Int64) -> Int64 {
        let nanoseconds = end - start
        return nanoseconds <= 0 ? 0 : (nanoseconds + 999_999) / 1_000_000
    }

    static func whole(_ duration: Duration) -> Int64 { nanoseconds(duration) / 1_000_000 }

    static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }

    /// `40 ms`, `1.5 s`.
    static func words(_ milliseconds: Int64) -> String {
        guard milliseconds >= 1000 else { return "\(milliseconds) ms" }
        let rest = milliseconds % 1000
        guard rest > 0 else { return "\(milliseconds / 1000) s" }
        var digits = "\(rest + 1000)".dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(milliseconds / 1000).\(digits) s"
    }

    static func words(_ duration: Duration) -> String { words(whole(duration)) }
}
