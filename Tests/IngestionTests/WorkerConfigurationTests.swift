import Ingestion
import Stores
import Testing

struct WorkerConfigurationTests {
    @Test func defaultsAreThisMachine() throws {
        let configuration = try WorkerConfiguration.fromEnvironment([:])
        #expect(configuration.endpoints.postgres == "postgresql://app@127.0.0.1:5432/app")
        #expect(configuration.endpoints.neo4j == "bolt://neo4j@127.0.0.1:7687/neo4j")
        #expect(configuration.endpoints.s3 == "http://127.0.0.1:4566")
        #expect(configuration.endpoints.temporal == nil)
    }

    @Test func theUsersVariables() throws {
        let configuration = try WorkerConfiguration.fromEnvironment([
            "POSTGRES_HOST": "db", "POSTGRES_PORT": "5433", "POSTGRES_USER": "ann", "POSTGRES_PASSWORD": "p@ss:w/ö",
            "POSTGRES_DB": "apex", "NEO4J_URI": "bolt://graph:7688", "NEO4J_USER": "neo", "NEO4J_PASSWORD": "x",
            "QDRANT_HOST": "vectors", "QDRANT_PORT": "6335", "REDIS_HOST": "cache", "REDIS_PASSWORD": "s",
            "REDIS_DB": "3",
            "S3_ENDPOINT_URL": "http://s3:4566", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "a/b",
            "OPENAI_BASE_URL": "http://ai:1/v1", "OPENAI_API_KEY": "k", "APEX_DOCUMENTS_BUCKET": "bucket",
            "TEMPORAL_HOST": "flow", "TEMPORAL_MAX_ACTIVITIES": "50", "REDIS_PORT": "",
        ])
        #expect(configuration.endpoints.postgres == "postgresql://ann:p%40ss%3Aw%2F%C3%B6@db:5433/apex")
        #expect(configuration.endpoints.neo4j == "bolt://neo:x@graph:7688/neo4j")
        #expect(configuration.endpoints.qdrant == "http://vectors:6335")
        #expect(configuration.endpoints.redis == "redis://:s@cache:6379/3")
        #expect(configuration.endpoints.s3 == "http://id:a%2Fb@s3:4566")
        #expect(configuration.endpoints.openai == "http://ai:1/v1")
        #expect(configuration.endpoints.temporal == "flow:7233")
        #expect(configuration.bucket == "bucket")
        #expect(configuration.openAIKey == "k")
        #expect(configuration.concurrency == 50)
    }

    @Test(arguments: ["x", "0", "-1"])
    func badNumbersAreNamed(_ value: String) {
        let error = #expect(throws: IngestionError.self) {
            try WorkerConfiguration.fromEnvironment(["POSTGRES_PORT": value])
        }
        #expect(error?.kind == .configuration)
        #expect(error?.reason.contains("POSTGRES_PORT") == true)
    }
}
