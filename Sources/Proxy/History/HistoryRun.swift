import Reactor
import Wire

/// Messages that came together and passed untouched, told of by one record: what they have in common, then for each what it is.
/// So telling of a small message costs little more than its key.
///
/// An entry has a byte of `Part`s, its operation and its size, then its key and its code where it has any, each with its length
/// before it. Exchanges count on from entry to entry. An answer need not have its key again.
struct HistoryRun: ~Copyable {
    /// What an entry has.
    enum Part {
        static let key: UInt8 = 1
        static let code: UInt8 = 2
        /// Its transaction is the next one.
        static let nextTransaction: UInt8 = 4
        /// Its key is that of the request that it answers, which a run has told.
        static let requestsKey: UInt8 = 8
    }

    private let room = UnsafeMutableRawPointer.allocate(byteCount: Self.capacity, alignment: 16)
    /// What all have in common, and what the first has.
    private var fields = HistoryFields(kind: .message)
    private var end = HistoryFields.byteCount
    private(set) var count = 0
    private var exchange: UInt32 = 0
    private var transaction: UInt32 = 0
    /// A record's length has sixteen bits.
    private static let capacity = 60 * 1024
    private static let entryMax = 20 + HistoryRecord.codeBytesMax + HistoryRecord.keyBytesMax

    init() { fields.action = HistoryRecord.code(.forwarded) }

    deinit { room.deallocate() }

    mutating func begin(_ connection: HistoryFields) {
        fields = connection
        (end, count) = (HistoryFields.byteCount, 0)
    }

    /// Whether one more may be told of with those that are there.
    @inline(__always)
    func takes(exchange: Int, transaction: Int) -> Bool {
        count == 0
            || end + Self.entryMax <= Self.capacity && UInt32(truncatingIfNeeded: exchange) == self.exchange &+ 1
                && UInt32(truncatingIfNeeded: transaction) &- self.transaction <= 1
    }

    @inline(__always)
    mutating func add(
        operation: UInt32, exchange: Int, transaction: Int, size: Int, key: UnsafeRawBufferPointer?,
        code: UnsafeRawBufferPointer
    ) {
        let (exchange, transaction) = (UInt32(truncatingIfNeeded: exchange), UInt32(truncatingIfNeeded: transaction))
        if count == 0 { (fields.exchange, fields.transaction, self.transaction) = (exchange, transaction, transaction) }
        var parts: UInt8 = transaction == self.transaction ? 0 : Part.nextTransaction
        if let key { if !key.isEmpty { parts |= Part.key } } else { parts |= Part.requestsKey }
        if !code.isEmpty { parts |= Part.code }
        (self.exchange, self.transaction) = (exchange, transaction)
        count += 1
        put(byte: parts)
        put(UInt64(operation))
        put(UInt64(size))
        if let key, !key.isEmpty { put(key, max: HistoryRecord.keyBytesMax) }
        if !code.isEmpty { put(code, max: HistoryRecord.codeBytesMax) }
    }

    /// The whole record.
    var record: UnsafeRawBufferPointer {
        fields.store(to: room, textCount: end - HistoryFields.byteCount)
        room.storeBytes(of: HistoryRecord.run, toByteOffset: 2, as: UInt8.self)
        return UnsafeRawBufferPointer(start: room, count: end)
    }

    @inline(__always)
    private mutating func put(byte: UInt8) {
        room.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
        end += 1
    }

    /// Seven bits a byte, the lowest first.
    @inline(__always)
    private mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            put(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(byte: UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    private mutating func put(_ text: UnsafeRawBufferPointer, max most: Int) {
        let length = min(text.count, most)
        put(UInt64(length))
        (room + end).copyMemory(from: text.baseAddress.unsafelyUnwrapped, byteCount: length)
        end += length
    }
}
