/// The services of the native stack, one a line.
package enum ServiceCatalogue {
    package static let all: [any StackService] = [
        PostgresService(),
        RedisService(),
        ArcadeService(),
        LocalStackService(),
        QdrantService(),
        OpenAIService(),
        TemporalService(),
    ]
}
