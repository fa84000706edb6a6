/// A dependency of the workers. It tells an `http` link whose operations it carries.
package enum Service: String, CaseIterable, Hashable, Sendable, Codable {
    case postgres, neo4j, qdrant, redis, s3, openai, temporal
}
