/// One point of a Qdrant collection.
package struct QdrantPoint: Hashable, Sendable {
    /// A UUID, or a whole number in digits.
    package var id: String
    /// Empty when read without vectors.
    package var vector: [Float]
    package var payload: [String: JSON]

    package init(id: String, vector: [Float], payload: [String: JSON]) {
        self.id = id
        self.vector = vector
        self.payload = payload
    }
}

/// Conditions on the payload, all of which must hold.
package struct QdrantFilter: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        case match(key: String, value: JSON)
        case matchAny(key: String, values: [String])
    }

    package var must: [Condition]

    package init(must: [Condition]) {
        self.must = must
    }

    package static func match(_ key: String, _ value: JSON) -> Self { Self(must: [.match(key: key, value: value)]) }
    package static func match(_ key: String, anyOf values: [String]) -> Self {
        Self(must: [.matchAny(key: key, values: values)])
    }
}
