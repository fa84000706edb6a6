import Wire

/// All that a record says of an event before its key: plain numbers, so that writing them allocates and counts nothing.
struct HistoryFields {
    var kind: UInt8
    var direction: UInt8 = 0
    var action: UInt8 = 0
    var time = Int64(0)
    var end = Int64(0)
    var link = UInt32(0)
    var operation = UInt32(0)
    var lane = UInt16(0)
    var connection = UInt32(0)
    var exchange = UInt32(0)
    var size = Int64(0)
    var status = UInt16(0)
    var window = Int64(0)
    /// -1 for none.
    var retryAfterMilliseconds = Int64(-1)
    var transaction = UInt32(0)
    /// The length of an error's code, which comes before the key.
    var codeCount = UInt8(0)

    init(kind: WireEvent.Kind) { self.kind = HistoryRecord.code(kind) }

    /// Their length in a record, its head of length and kind included.
    static let byteCount = 71

    /// Writes the record up to its texts; `textCount` bytes of those follow, the code's before the key's.
    func store(to record: UnsafeMutableRawPointer, textCount: Int) {
        func put(_ value: some FixedWidthInteger, at offset: Int) {
            record.storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value))
        }
        put(UInt16(Self.byteCount + textCount), at: 0)
        put(HistoryRecord.event, at: 2)
        put(kind, at: 3)
        put(direction, at: 4)
        put(action, at: 5)
        put(time, at: 6)
        put(end, at: 14)
        put(link, at: Self.linkOffset)
        put(operation, at: 26)
        put(lane, at: 30)
        put(connection, at: 32)
        put(exchange, at: 36)
        put(size, at: 40)
        put(status, at: 48)
        put(window, at: Self.windowOffset)
        put(retryAfterMilliseconds, at: 58)
        put(transaction, at: 66)
        put(codeCount, at: 70)
    }

    private static let linkOffset = 22
    private static let windowOffset = 50

    /// The number of an event's link.
    ///
    /// - Parameter fields: of a record, without its head.
    static func link(in fields: ArraySlice<UInt8>) -> Int {
        let start = fields.startIndex + linkOffset - HistoryRecord.headBytes
        guard start + 4 <= fields.endIndex else { return -1 }
        return (0..<4).reduce(0) { $0 | Int(fields[start + $1]) << (8 * $1) }
    }

    /// Gives the window that an event names, if any, another number.
    static func renameWindow(in bytes: inout [UInt8], recordAt start: Int, _ name: (Int) -> Int) {
        let start = start + windowOffset
        guard start + 8 <= bytes.count else { return }
        let number = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
        guard number != 0 else { return }
        let renamed = UInt64(bitPattern: Int64(name(Int(truncatingIfNeeded: number))))
        for index in 0..<8 { bytes[start + index] = UInt8(truncatingIfNeeded: renamed >> (8 * UInt64(index))) }
    }
}
