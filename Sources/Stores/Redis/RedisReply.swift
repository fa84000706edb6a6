/// A reply of Redis (RESP2).
package indirect enum RedisReply: Hashable, Sendable {
    case null
    case status(String)
    case integer(Int)
    case bulk([UInt8])
    case array([RedisReply])
    /// Only inside an array: at the top it is thrown.
    case error(String)

    /// The text of a bulk string or a status.
    package var string: String? {
        switch self {
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        default: nil
        }
    }
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    package var array: [RedisReply]? { if case .array(let replies) = self { replies } else { nil } }
    package var isNull: Bool { self == .null }

    /// The answer of HGETALL.
    package var fields: [String: String]? {
        guard let array, array.count.isMultiple(of: 2) else { return nil }
        var fields: [String: String] = [:]
        for index in stride(from: 0, to: array.count, by: 2) {
            guard let name = array[index].string, let value = array[index + 1].string else { return nil }
            fields[name] = value
        }
        return fields
    }
}
