/// Writes PackStream (neo4j.com/docs/bolt/current/packstream): big-endian, the smallest form of each value.
package struct PackStreamWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(_ value: BoltValue) {
        switch value {
        case .null: bytes.append(0xc0)
        case .bool(let value): bytes.append(value ? 0xc3 : 0xc2)
        case .int(let value): write(int: value)
        case .double(let value):
            bytes.append(0xc1)
            append(value.bitPattern)
        case .bytes(let value):
            writeSize(value.count, tiny: nil, 0xcc, 0xcd, 0xce)
            bytes += value
        case .string(let value):
            let text = Array(value.utf8)
            writeSize(text.count, tiny: 0x80, 0xd0, 0xd1, 0xd2)
            bytes += text
        case .list(let values):
            writeSize(values.count, tiny: 0x90, 0xd4, 0xd5, 0xd6)
            for value in values { write(value) }
        case .map(let entries):
            writeSize(entries.count, tiny: 0xa0, 0xd8, 0xd9, 0xda)
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                write(.string(key))
                write(value)
            }
        case .structure(let tag, let fields):
            precondition(fields.count < 16, "a structure has at most 15 fields")
            bytes += [0xb0 | UInt8(fields.count), tag]
            for field in fields { write(field) }
        }
    }

    private mutating func write(int value: Int) {
        switch value {
        case -16...127:
            bytes.append(UInt8(bitPattern: Int8(value)))
        case -128 ... -17:
            bytes.append(0xc8)
            append(Int8(value))
        case -32_768...32_767:
            bytes.append(0xc9)
            append(Int16(value))
        case -2_147_483_648...2_147_483_647:
            bytes.append(0xca)
            append(Int32(value))
        default:
            bytes.append(0xcb)
            append(Int64(value))
        }
    }

    private mutating func writeSize(_ size: Int, tiny: UInt8?, _ byte: UInt8, _ short: UInt8, _ long: UInt8) {
        if let tiny, size < 16 {
            bytes.append(tiny | UInt8(size))
        } else if size <= Int(UInt8.max) {
            bytes += [byte, UInt8(size)]
        } else if size <= Int(UInt16.max) {
            bytes.append(short)
            append(UInt16(size))
        } else {
            bytes.append(long)
            append(UInt32(size))
        }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
    }
}
