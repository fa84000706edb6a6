import Faults
import Stores

/// A request's body, read as configuration files are: what is unknown is refused, by name.
enum APIBody {
    /// - Throws: `APIError` for a body that is no JSON object.
    static func object(_ body: [UInt8]) throws -> [String: JSON] {
        guard case .object(let members)? = JSON(body) else { throw APIError(400, "the body must be a JSON object") }
        return members
    }

    static func spec(_ members: [String: JSON]) throws(SpecError) -> Spec {
        try Spec(file: "request", root: node(.object(members)))
    }

    static func place(_ option: String) -> SpecPlace { SpecPlace(file: "request", path: option, mark: mark) }

    static func node(_ json: JSON) -> SpecNode {
        switch json {
        case .null: SpecNode(.empty, at: mark)
        case .bool(let value): SpecNode(.scalar(value ? "true" : "false"), at: mark)
        case .int(let value): SpecNode(.scalar("\(value)"), at: mark)
        case .double(let value): SpecNode(.scalar("\(value)"), at: mark)
        case .string(let value): SpecNode(.scalar(value), at: mark, isQuoted: true)
        case .array(let values): SpecNode(.sequence(values.map(node)), at: mark)
        case .floats(let values): SpecNode(.sequence(values.map { node(.double(Double($0))) }), at: mark)
        case .object(let members):
            SpecNode(
                .mapping(
                    members.sorted { $0.key < $1.key }.map {
                        SpecNode.Entry(key: $0.key, mark: mark, node: node($0.value))
                    }), at: mark)
        }
    }

    private static let mark = SpecNode.Mark(line: 1, column: 1)

    /// How long something shall last: no time at all is refused, and so is more than a day, after which nobody remembers it.
    static func lasting(_ members: inout [String: JSON], _ key: String = "for") throws(SpecError) -> Duration? {
        guard let json = members.removeValue(forKey: key) else { return nil }
        let duration = try SpecType<Duration>.durationAboveZero.read(node(json), place(key))
        guard duration <= .seconds(86_400) else {
            throw place(key).error("is more than a day", mend: "renew a lease in place of it")
        }
        return duration
    }
}
