/// Lets bytes pass no faster than a rate, smoothly: about 5 ms of the rate at a time, never more than 10 ms of it, and always
/// whole bytes.
///
/// Pure: times are nanoseconds of any clock that never goes back. Who owns it asks again at the time that it was told. Since
/// timers are late, it counts what it owes from the rate and not from when it was asked, and catches up: at once what fits in
/// 10 ms of the rate, and what is left (a loop that was held up) with a quarter over the rate until it is paid. Time in which
/// nothing wanted to pass earns nothing beyond one piece, or each pause would end in a burst.
package struct Pacer: Hashable, Sendable {
    package struct Grant: Hashable, Sendable {
        /// How many bytes may pass now; they count as passed.
        package var bytes: Int
        /// When to ask for the others; nothing passes earlier. Of no meaning when all may pass.
        package var next: Int64
    }

    package let bytesPerSecond: Int
    /// Since when bytes are counted; `nil` before the first.
    private var epoch: Int64?
    /// Bytes that have passed since then. Below zero: so many may pass that no time was waited for.
    private var passed: Int = 0
    /// When bytes that wait may go; `nil` when none wait.
    private var due: Int64?

    /// What a loop that was held up for longer had owed is forgiven.
    private static let debtMax: Int64 = 250_000_000
    private static let second: Int64 = 1_000_000_000

    /// - Parameter bytesPerSecond: above 0.
    package init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

    /// What passes in 5 ms, and at least a byte.
    private var piece: Int { max(bytesPerSecond / 200, 1) }
    /// What passes in 10 ms, and at least a byte.
    private var atOnce: Int { max(bytesPerSecond / 100, 1) }

    /// How many of the bytes that want to pass may do so.
    ///
    /// - Parameters:
    ///   - wanted: how many are there, all that wait among them; above 0.
    ///   - now: in nanoseconds.
    package mutating func take(_ wanted: Int, now: Int64) -> Grant {
        if let due, now < due { return Grant(bytes: 0, next: due) }
        let earned = earn(until: now)
        guard earned >= min(piece, wanted) else {
            return Grant(bytes: 0, next: wait(for: min(piece, wanted), now: now))
        }
        let bytes = min(wanted, earned, atOnce)
        passed += bytes
        guard bytes < wanted else {
            due = nil
            return Grant(bytes: bytes, next: now)
        }
        // What is owed is caught up with a quarter over the rate. Counted from when it was due and not from when it was
        // asked, or timers that are always late would never let it catch up; but a late one is no burst either.
        let (asked, cost) = (due ?? now, duration(of: bytes))
        let rested = max(asked + cost / 5 * 4, now + cost / 5 * 2)
        return Grant(bytes: bytes, next: wait(for: min(piece, wanted - bytes), now: rested))
    }

    /// How many bytes may pass by the rate alone.
    private mutating func earn(until now: Int64) -> Int {
        guard let epoch else {
            (self.epoch, passed) = (now, -piece)
            return piece
        }
        let total = Int128(now - epoch) * Int128(bytesPerSecond) / Int128(Self.second)
        let earned = total - Int128(passed)
        let most = due == nil ? Int128(piece) : max(bytes(in: Self.debtMax), Int128(atOnce))
        guard earned > most else { return Int(earned) }
        (self.epoch, passed) = (now, -Int(most))
        return Int(most)
    }

    /// Remembers that bytes wait, and says until when: until so many are earned, and not before `now`.
    private mutating func wait(for bytes: Int, now: Int64) -> Int64 {
        let due = max((epoch ?? now) + duration(of: passed + bytes), now)
        self.due = due
        return due
    }

    /// How long it takes so many bytes to pass, rounded up.
    private func duration(of bytes: Int) -> Int64 {
        let scaled = Int128(bytes) * Int128(Self.second)
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int128(bytesPerSecond))
        return Int64(whole) + (rest > 0 ? 1 : 0)
    }

    private func bytes(in duration: Int64) -> Int128 {
        Int128(duration) * Int128(bytesPerSecond) / Int128(Self.second)
    }
}
