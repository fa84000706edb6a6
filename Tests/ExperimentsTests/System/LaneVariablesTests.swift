import Experiments
import Proxy
import Testing
import Wire

/// What a program of the user's finds in its environment.
struct LaneVariablesTests {
    private let lane = LaneVariables(
        links: ["postgres", "neo4j", "qdrant", "redis", "s3", "openai"].map { name in
            LinkConfiguration(name: name, linkProtocol: .tcp, service: .init(rawValue: name), upstream: "127.0.0.1:1")
        } + [LinkConfiguration(name: "sock-et", linkProtocol: .tcp, upstream: "127.0.0.1:1")],
        stores: StoreAddresses(
            postgres: "postgresql://app:s%40fe@db:5432/shop", neo4j: "bolt://neo:pw@g:7687", qdrant: "http://q:6333",
            redis: "redis://:pw@r:6379/3", s3: "http://key:secret@s:4566"),
        addresses: [
            "postgres": "127.0.0.1:11", "neo4j": "127.0.0.1:12", "qdrant": "127.0.0.1:13", "redis": "127.0.0.1:14",
            "s3": "[::1]:15", "openai": "127.0.0.1:16", "sock-et": "unix:/tmp/s",
        ])

    @Test func addressesAreTheLinksAndCredentialsTheStores() {
        let values = lane.values(over: ["POSTGRES_HOST": "elsewhere", "POSTGRES_USER": "mine", "HOME": "/root"])
        let expected = [
            "FAULTLINE_LINK_POSTGRES": "127.0.0.1:11", "FAULTLINE_LINK_SOCK_ET": "unix:/tmp/s",
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": "11", "POSTGRES_USER": "mine", "POSTGRES_PASSWORD": "s@fe", "POSTGRES_DB": "shop",
            "POSTGRES_URL": "postgresql://app:s%40fe@127.0.0.1:11/shop", "NEO4J_URI": "bolt://127.0.0.1:12",
            "NEO4J_USER": "neo", "NEO4J_PASSWORD": "pw", "QDRANT_URL": "http://127.0.0.1:13", "QDRANT_PORT": "13",
            "REDIS_URL": "redis://:pw@127.0.0.1:14/3", "REDIS_DB": "3", "S3_ENDPOINT_URL": "http://[::1]:15",
            "AWS_ACCESS_KEY_ID": "key", "OPENAI_BASE_URL": "http://127.0.0.1:16/v1", "HOME": "/root",
        ]
        for (name, value) in expected { #expect(values[name] == value, "\(name)") }
    }

    @Test func placeholdersOfLinks() {
        #expect(
            lane.fill("{link.s3.host}|{link.s3.port}|{link.redis}|{link.sock-et}|{link.none}|{document}")
                == "::1|15|127.0.0.1:14|unix:/tmp/s|{link.none}|{document}")
    }
}
