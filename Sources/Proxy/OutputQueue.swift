import Faults
import Glibc
import Reactor

/// Bytes that wait to be sent, in order, each with the time from which it may go.
struct OutputQueue: ~Copyable {
    private struct Chunk {
        var due: Nanoseconds
        var offset: Int
        var bytes: UnsafeMutableRawBufferPointer
        var shaping: Shaping?
        var next: UnsafeMutablePointer<Chunk>?
    }

    private var head: UnsafeMutablePointer<Chunk>?
    private var tail: UnsafeMutablePointer<Chunk>?
    private(set) var byteCount = 0
    /// What the queue costs in memory, its own book-keeping included.
    private(set) var cost = 0
    private static let chunkCost = 96

    var isEmpty: Bool { head == nil }
    var nextDue: Nanoseconds? { head?.pointee.due }

    mutating func append(_ bytes: UnsafeRawBufferPointer, due: Nanoseconds) {
        guard !bytes.isEmpty else { return }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyMemory(from: bytes)
        take(copy, due: due)
    }

    /// Takes over a buffer, which is not empty.
    ///
    /// - Parameter shaping: how it is to leave.
    mutating func take(_ bytes: UnsafeMutableRawBufferPointer, due: Nanoseconds, shaping: Shaping? = nil) {
        let chunk = UnsafeMutablePointer<Chunk>.allocate(capacity: 1)
        chunk.initialize(to: Chunk(due: due, offset: 0, bytes: bytes, shaping: shaping, next: nil))
        if let tail { tail.pointee.next = chunk } else { head = chunk }
        tail = chunk
        byteCount += bytes.count
        cost += bytes.count + Self.chunkCost
    }

    /// The bytes at the front, if their time has come.
    func front(at now: Nanoseconds) -> (bytes: UnsafeRawBufferPointer, shaping: Shaping?)? {
        guard let head, head.pointee.due <= now else { return nil }
        return (UnsafeRawBufferPointer(rebasing: head.pointee.bytes[head.pointee.offset...]), head.pointee.shaping)
    }

    var isShaped: Bool { head?.pointee.shaping != nil }

    /// How long what is queued takes at the rate that its first bytes have.
    var timeAtRate: Nanoseconds {
        guard let rate = head?.pointee.shaping?.pace?.bytesPerSecond else { return .zero }
        return Nanoseconds(.seconds(Double(byteCount) / Double(rate)))
    }

    func forEachShaping(_ body: (Shaping) -> Void) {
        var next = head
        while let chunk = next {
            if let shaping = chunk.pointee.shaping { body(shaping) }
            next = chunk.pointee.next
        }
    }

    /// Takes so many bytes away from the front chunk.
    mutating func consume(_ count: Int) {
        guard let first = head else { return }
        first.pointee.offset += count
        byteCount -= count
        guard first.pointee.offset == first.pointee.bytes.count else { return }
        cost -= first.pointee.bytes.count + Self.chunkCost
        head = first.pointee.next
        if head == nil { tail = nil }
        first.pointee.bytes.deallocate()
        first.deinitialize(count: 1).deallocate()
    }

    mutating func removeAll() {
        while let first = head { consume(first.pointee.bytes.count - first.pointee.offset) }
    }
}
