/// Reads PackStream. Lengths are believed only as far as there are bytes, and nesting is bounded.
package struct PackStreamReader {
    package enum Malformed: Error, Hashable {
        case truncated
        case tooDeep
        case unknownMarker(UInt8)
        case badKey
        case leftover(Int)
    }

    package static let depthLimit = 64

    private let bytes: [UInt8]
    private var position = 0

    /// Reads one value that fills the bytes.
    package static func read(_ bytes: [UInt8]) throws(Malformed) -> BoltValue {
        var reader = PackStreamReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        guard reader.position == bytes.count else { throw .leftover(bytes.count - reader.position) }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(Malformed) -> BoltValue {
        guard depth <= Self.depthLimit else { throw .tooDeep }
        let marker: UInt8 = try integer()
        switch marker {
        case 0x00...0x7f, 0xf0...0xff: return .int(Int(Int8(bitPattern: marker)))
        case 0x80...0x8f: return .string(try text(Int(marker & 15)))
        case 0x90...0x9f: return try list(Int(marker & 15), depth)
        case 0xa0...0xaf: return try map(Int(marker & 15), depth)
        case 0xb0...0xbf: return try structure(Int(marker & 15), depth)
        case 0xc0: return .null
        case 0xc1: return .double(Double(bitPattern: try integer()))
        case 0xc2: return .bool(false)
        case 0xc3: return .bool(true)
        case 0xc8: return .int(Int(try integer() as Int8))
        case 0xc9: return .int(Int(try integer() as Int16))
        case 0xca: return .int(Int(try integer() as Int32))
        case 0xcb: return .int(Int(try integer() as Int64))
        case 0xcc...0xce: return .bytes(Array(try take(size(marker - 0xcc))))
        case 0xd0...0xd2: return .string(try text(size(marker - 0xd0)))
        case 0xd4...0xd6: return try list(size(marker - 0xd4), depth)
        case 0xd8...0xda: return try map(size(marker - 0xd8), depth)
        default: throw .unknownMarker(marker)
        }
    }

    private mutating func list(_ count: Int, _ depth: Int) throws(Malformed) -> BoltValue {
        var values: [BoltValue] = []
        // No more than there may be, and little of what is only claimed.
        values.reserveCapacity(min(count, bytes.count - position, 1024))
        for _ in 0..<count { values.append(try value(depth: depth + 1)) }
        return .list(values)
    }

    private mutating func map(_ count: Int, _ depth: Int) throws(Malformed) -> BoltValue {
        var entries: [String: BoltValue] = [:]
        for _ in 0..<count {
            guard case .string(let key) = try value(depth: depth + 1) else { throw .badKey }
            entries[key] = try value(depth: depth + 1)
        }
        return .map(entries)
    }

    private mutating func structure(_ count: Int, _ depth: Int) throws(Malformed) -> BoltValue {
        let tag: UInt8 = try integer()
        var fields: [BoltValue] = []
        for _ in 0..<count { fields.append(try value(depth: depth + 1)) }
        return .structure(tag: tag, fields: fields)
    }

    private mutating func text(_ length: Int) throws(Malformed) -> String {
        String(decoding: try take(length), as: UTF8.self)
    }

    /// A size of one, two or four bytes.
    private mutating func size(_ form: UInt8) throws(Malformed) -> Int {
        switch form {
        case 0: Int(try integer() as UInt8)
        case 1: Int(try integer() as UInt16)
        default: Int(try integer() as UInt32)
        }
    }

    private mutating func integer<Value: FixedWidthInteger>() throws(Malformed) -> Value {
        try take(MemoryLayout<Value>.size).reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
