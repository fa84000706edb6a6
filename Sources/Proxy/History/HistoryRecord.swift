import Wire

/// The form of a history's records: a length of two bytes, a kind of one, then the fields, little-endian.
/// Names (links, operations) are defined once by a record of their own, and numbered in that order from 0. Each loop numbers
/// its own: a record tells which loop those behind it come from, loop 0 at first.
enum HistoryRecord {
    /// A length and a kind.
    static let headBytes = 3
    static let definition: UInt8 = 1
    static let event: UInt8 = 2
    static let source: UInt8 = 3
    static let run: UInt8 = 4
    /// Of a tap alone, and in no file.
    static let mark: UInt8 = 5
    static let keyBytesMax = 256
    static let codeBytesMax = 64

    static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for index in 0..<(Number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    /// The record that tells of a loop.
    static func source(_ loop: Int) -> [UInt8] {
        var record: [UInt8] = [0, 0, source]
        append(UInt16(truncatingIfNeeded: loop), to: &record)
        seal(&record)
        return record
    }

    /// The record that defines a name.
    static func definition(of name: String) -> [UInt8] {
        var record: [UInt8] = [0, 0, definition]
        record.append(contentsOf: name.utf8.prefix(1024))
        seal(&record)
        return record
    }

    /// - Parameters:
    ///   - position: how many bytes of records come before it.
    ///   - dropped: how many events could not be told.
    static func mark(_ number: Int, position: Int, dropped: Int) -> [UInt8] {
        var record: [UInt8] = [0, 0, mark]
        for value in [number, position, dropped] { append(Int64(value), to: &record) }
        seal(&record)
        return record
    }

    /// Whether these may be the beginning of a record.
    static func isBegun(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count < headBytes
            || Int(bytes[bytes.startIndex]) | Int(bytes[bytes.startIndex + 1]) << 8 >= headBytes
    }

    static func seal(_ bytes: inout [UInt8]) {
        let count = UInt16(bytes.count)
        bytes[0] = UInt8(truncatingIfNeeded: count)
        bytes[1] = UInt8(truncatingIfNeeded: count >> 8)
    }

    private static let kinds = WireEvent.Kind.allCases
    private static let actions = WireEvent.Action.allCases

    static func code(_ kind: WireEvent.Kind) -> UInt8 { UInt8(kinds.firstIndex(of: kind) ?? 0) }
    static func code(_ action: WireEvent.Action) -> UInt8 { UInt8(actions.firstIndex(of: action) ?? 0) }

    static func code(_ direction: Direction?) -> UInt8 {
        switch direction {
        case nil: 0
        case .request: 1
        case .response: 2
        }
    }
}

/// Reads numbers and text off a record.
struct HistoryRecordReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    mutating func number() -> Int { Int(truncatingIfNeeded: take(8)) }
    mutating func short() -> Int { Int(take(2)) }
    mutating func word() -> Int { Int(take(4)) }
    /// As `HistoryRun` writes it.
    mutating func varying() -> Int {
        var (value, shift) = (0, 0)
        while let byte = bytes.popFirst() {
            if shift < 63 { value |= Int(byte & 0x7F) << shift }
            shift += 7
            if byte < 0x80 { break }
        }
        return value
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func byte() -> Int { Int(take(1)) }
    /// A text of so many bytes, or what is left.
    mutating func text(_ count: Int = .max) -> String {
        defer { bytes = bytes.dropFirst(count) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    mutating func skip(_ count: Int) { bytes = bytes.dropFirst(count) }

    private mutating func take(_ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for (index, byte) in bytes.prefix(count).enumerated() { value |= UInt64(byte) << (8 * UInt64(index)) }
        bytes = bytes.dropFirst(count)
        return value
    }
}
