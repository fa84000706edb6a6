/// The commands of a connection that await their answers, in their order, each with its key. Nothing is allocated for one more as
/// long as no more than before wait at once.
struct RedisQueue: ~Copyable {
    private var entries: UnsafeMutablePointer<RedisSession.Awaited>?
    /// A power of two.
    private var capacity = 0
    private var head = 0
    private(set) var count = 0
    /// The keys one behind the other, those that are gone before them.
    private var keys = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var keysStart = 0
    private var keysEnd = 0
    /// An empty queue keeps no more than this.
    private static let keptMax = 1024

    deinit {
        entries?.deallocate()
        keys.deallocate()
    }

    /// The one whose answer is next.
    var first: RedisSession.Awaited? {
        @inline(__always) get { count > 0 ? entries.unsafelyUnwrapped[head] : nil }
    }

    /// Replaces what is known of the first.
    mutating func replaceFirst(_ entry: RedisSession.Awaited) {
        if count > 0 { entries.unsafelyUnwrapped[head] = entry }
    }

    /// The key of the first.
    var firstKey: UnsafeRawBufferPointer {
        guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let length = Int(entries.unsafelyUnwrapped[head].keyLength)
        return UnsafeRawBufferPointer(rebasing: keys[keysStart..<(keysStart + length)])
    }

    /// - Parameter key: as long as the entry says.
    mutating func append(_ entry: RedisSession.Awaited, key: UnsafeRawBufferPointer) {
        if count == capacity { grow() }
        entries.unsafelyUnwrapped[(head + count) & (capacity - 1)] = entry
        count += 1
        guard !key.isEmpty else { return }
        if keysEnd + key.count > keys.count { makeRoom(key.count) }
        (keys.baseAddress.unsafelyUnwrapped + keysEnd).copyMemory(
            from: key.baseAddress.unsafelyUnwrapped, byteCount: key.count)
        keysEnd += key.count
    }

    mutating func removeFirst() {
        guard count > 0 else { return }
        keysStart += Int(entries.unsafelyUnwrapped[head].keyLength)
        head = (head + 1) & (capacity - 1)
        count -= 1
        guard count == 0 else { return }
        (head, keysStart, keysEnd) = (0, 0, 0)
        if capacity > Self.keptMax { removeAll() }
    }

    mutating func removeAll() {
        entries?.deallocate()
        keys.deallocate()
        (entries, capacity, head, count) = (nil, 0, 0, 0)
        (keys, keysStart, keysEnd) = (UnsafeMutableRawBufferPointer(start: nil, count: 0), 0, 0)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<RedisSession.Awaited>.allocate(capacity: max(8, capacity * 2))
        for index in 0..<count {
            (larger + index).initialize(to: entries.unsafelyUnwrapped[(head + index) & (capacity - 1)])
        }
        entries?.deallocate()
        (entries, capacity, head) = (larger, max(8, capacity * 2), 0)
    }

    private mutating func makeRoom(_ needed: Int) {
        let used = keysEnd - keysStart
        let target =
            used + needed <= keys.count / 2
            ? keys : .allocate(byteCount: max(256, 2 * (used + needed)), alignment: 8)
        if used > 0, let base = target.baseAddress, let old = keys.baseAddress {
            base.copyMemory(from: old + keysStart, byteCount: used)
        }
        if target.baseAddress != keys.baseAddress { keys.deallocate() }
        (keys, keysStart, keysEnd) = (target, 0, used)
    }
}
