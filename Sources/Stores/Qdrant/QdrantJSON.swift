/// Points and filters in the words of Qdrant's REST API.
extension QdrantPoint {
    var json: JSON {
        ["id": Self.json(id: id), "vector": .floats(vector), "payload": .object(payload)]
    }

    static func json(id: String) -> JSON {
        Int(id).map { .int($0) } ?? .string(id)
    }

    init?(json: JSON) {
        guard let id = json["id"]?.string ?? json["id"]?.int.map(String.init) else { return nil }
        let vector = json["vector"]?.array ?? []
        self.init(id: id, vector: vector.compactMap(\.float), payload: json["payload"]?.object ?? [:])
        guard self.vector.count == vector.count else { return nil }
    }
}

extension QdrantFilter {
    var json: JSON {
        let conditions = must.map { condition -> JSON in
            switch condition {
            case .match(let key, let value):
                ["key": .string(key), "match": ["value": value]]
            case .matchAny(let key, let values):
                ["key": .string(key), "match": ["any": .array(values.map { .string($0) })]]
            }
        }
        return ["must": .array(conditions)]
    }
}

extension JSON {
    var float: Float? {
        switch self {
        case .int(let value): Float(value)
        case .double(let value): Float(value)
        default: nil
        }
    }
}
