import Stores

/// A JSON object as Toxiproxy reads one: names in any case, what it doesn't know is passed over, `null` is as if it weren't
/// there, and a value of another type is refused.
struct ToxiproxyFields {
    static let textMax = 1024

    private let members: [String: JSON]

    /// - Throws: for a body that is no JSON object.
    init(_ body: [UInt8]) throws { try self.init(Self.parse(body)) }

    init(_ json: JSON) throws {
        switch json {
        case .object(let members): self.members = members
        case .null: members = [:]
        default: throw ToxiproxyError.badBody("an object was expected")
        }
    }

    static func parse(_ body: [UInt8]) throws -> JSON {
        guard body.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            throw ToxiproxyError.badBody("EOF")
        }
        guard let json = JSON(body) else { throw ToxiproxyError.badBody("invalid JSON") }
        return json
    }

    static func tooLong(_ name: String) -> ToxiproxyError { .badBody("\(name) is longer than \(textMax) bytes") }

    private subscript(name: String) -> JSON? {
        let value = members[name] ?? members.first { $0.key.lowercased() == name }?.value
        return value == .null ? nil : value
    }

    private func value<Value>(
        _ name: String, _ noun: String, _ read: (JSON) -> Value?
    ) throws -> Value? {
        guard let json = self[name] else { return nil }
        guard let value = read(json) else { throw ToxiproxyError.badBody("\(name) must be \(noun)") }
        return value
    }

    func string(_ name: String) throws -> String? {
        let text = try value(name, "a string") { $0.string }
        if let text, text.utf8.count > Self.textMax { throw Self.tooLong(name) }
        return text
    }

    func bool(_ name: String) throws -> Bool? {
        try value(name, "true or false") { if case .bool(let value) = $0 { value } else { nil } }
    }

    /// A whole number of 64 bits.
    func int(_ name: String) throws -> Int? { try value(name, "a whole number") { $0.int } }

    func double(_ name: String) throws -> Double? {
        try value(name, "a number") { json in
            switch json {
            case .int(let number): Double(number)
            case .double(let number): number.isFinite ? number : nil
            default: nil
            }
        }
    }

    func float(_ name: String) throws -> Float? {
        guard let number = try double(name) else { return nil }
        guard Float(number).isFinite else { throw ToxiproxyError.badBody("\(name) is too large") }
        return Float(number)
    }

    func fields(_ name: String) throws -> ToxiproxyFields? {
        guard let json = self[name] else { return nil }
        return try ToxiproxyFields(json)
    }

    func list(_ name: String) throws -> [ToxiproxyFields]? {
        guard let elements = try value(name, "a list", { $0.array }) else { return nil }
        var fields: [ToxiproxyFields] = []
        for element in elements { fields.append(try ToxiproxyFields(element)) }
        return fields
    }
}
