import Synchronization

/// A bounded ring of bytes between one writer and one reader, neither of which waits for the other.
final class HistoryRing: Sendable {
    static let capacity = 8 * 1024 * 1024

    private nonisolated(unsafe) let bytes: UnsafeMutableRawPointer
    private let written = Atomic<Int>(0)
    private let read = Atomic<Int>(0)
    let events = Atomic<Int>(0)
    let dropped = Atomic<Int>(0)
    /// Whether anybody takes what goes in: a file, or somebody who watches.
    let isWanted: Atomic<Bool>
    /// What its writer has numbered, by number.
    let names = Mutex<[String]>([])

    init(isWanted: Bool = true) {
        self.isWanted = Atomic(isWanted)
        bytes = .allocate(byteCount: Self.capacity, alignment: 64)
    }

    deinit { bytes.deallocate() }

    /// Appends a record as a whole, or not at all when there is no room. The writer's thread alone.
    func append(_ record: UnsafeRawBufferPointer) -> Bool {
        let position = written.load(ordering: .relaxed)
        guard position - read.load(ordering: .acquiring) + record.count <= Self.capacity else { return false }
        let start = position % Self.capacity
        let first = min(record.count, Self.capacity - start)
        let source = record.baseAddress.unsafelyUnwrapped
        (bytes + start).copyMemory(from: source, byteCount: first)
        if first < record.count { bytes.copyMemory(from: source + first, byteCount: record.count - first) }
        written.store(position + record.count, ordering: .releasing)
        return true
    }

    /// So many events more have been appended. The writer's thread alone, so it needs no atomic addition.
    func countEvents(_ count: Int = 1) { events.store(events.load(ordering: .relaxed) + count, ordering: .releasing) }

    /// So many events more found no room. The writer's thread alone.
    func countDropped(_ count: Int = 1) { dropped.store(dropped.load(ordering: .relaxed) + count, ordering: .relaxed) }

    /// Where what has been appended so far ends.
    var end: Int { written.load(ordering: .acquiring) }

    /// Gives what is there up to `end` to `body`, in one or two parts. The reader's thread alone.
    func drain(upTo end: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        var position = read.load(ordering: .relaxed)
        while position < end {
            let start = position % Self.capacity
            let count = min(end - position, Self.capacity - start)
            body(UnsafeRawBufferPointer(start: bytes + start, count: count))
            position += count
            read.store(position, ordering: .releasing)
        }
    }
}
