import Consistency
import Experiments
import Faults
import Ingestion
import Proxy
import Stores
import Testing
import Wire

struct FilesSystemTests {
    private func read(_ text: String) throws -> SystemFile {
        try SystemFile.parse(text)
    }

    private func refusal(_ text: String) -> String {
        do {
            return "read as \(try read(text))"
        } catch {
            return "\(error)"
        }
    }

    @Test func links() throws {
        let system = try read(
            """
            links:
              s3: { protocol: http, upstream: "https://storage.example:9000", host: keep, ca: Package.swift }
              database: { protocol: tcp, service: postgres, listen: "127.0.0.1:15432", upstream: "127.0.0.1:5432" }
              qdrant: { protocol: http, upstream: "[::1]:6333", host: upstream }
              socket: { protocol: tcp, upstream: unix:/tmp/socket }
              redis: { protocol: redis, upstream: native }
              graph: { protocol: bolt, service: neo4j, upstream: "127.0.0.1:7687" }
            allow: [storage.example]
            footprints: { redis: { document: { key: "a:{document}", type: string } } }
            stores: { s3: native }
            pipeline: { command: [./worker] }
            """)
        #expect(
            system.links == [
                LinkConfiguration(
                    name: "s3", linkProtocol: .http, service: .s3, upstream: "https://storage.example:9000",
                    rewritesHost: false, authorities: "Package.swift"),
                LinkConfiguration(
                    name: "database", linkProtocol: .tcp, service: .postgres, listen: "127.0.0.1:15432",
                    upstream: "127.0.0.1:5432"),
                LinkConfiguration(
                    name: "qdrant", linkProtocol: .http, service: .qdrant, upstream: "[::1]:6333", rewritesHost: true),
                LinkConfiguration(name: "socket", linkProtocol: .tcp, upstream: "unix:/tmp/socket"),
                LinkConfiguration(name: "redis", linkProtocol: .redis, service: .redis, upstream: "native"),
                LinkConfiguration(
                    name: "graph", linkProtocol: .bolt, service: .neo4j, upstream: "127.0.0.1:7687"),
            ])
        #expect(system.stores == StoreAddresses(redis: "native", s3: "native"))
    }

    @Test(arguments: [
        ("protocol: tcp", "links.a needs the option 'upstream'; add 'upstream: 127.0.0.1:5432'"),
        ("upstream: x:1", "links.a needs the option 'protocol'; add 'protocol: tcp'"),
        (
            "protocol: htp, upstream: x:1",
            "links.a.protocol has no value 'htp'; known values: tcp, http, postgres, redis, bolt (did you mean 'http'?)"
        ),
        ("protocol: tcp, upstream: x", "links.a.upstream must be an address, not 'x'; write HOST:PORT, or unix:PATH"),
        (
            "protocol: tcp, upstream: \"x:65536\"",
            "links.a.upstream must be an address, not 'x:65536'; write HOST:PORT, or unix:PATH"
        ),
        (
            "protocol: tcp, upstream: \"http://x:1\"",
            "links.a.upstream must be an address, not 'http://x:1'; write HOST:PORT, or unix:PATH"
        ),
        (
            "protocol: http, upstream: \"ftp://x\"",
            "links.a.upstream must be an address, not 'ftp://x'; write HOST:PORT, or unix:PATH, or http://HOST:PORT, or https://HOST:PORT"
        ),
        (
            "protocol: tcp, upstream: x:1, host: keep",
            "links.a.host is for http links only; leave it out, or write 'protocol: http'"
        ),
        (
            "protocol: tcp, upstream: x:1, ca: Package.swift",
            "links.a.ca is for TLS to the upstream only; leave it out, or write an https:// upstream"
        ),
        (
            "protocol: http, upstream: \"https://x\", ca: nowhere.pem",
            "links.a.ca names no readable file: 'nowhere.pem'; name a file of certificates in PEM"
        ),
        (
            "protocol: tcp, upstream: x:1, sevice: s3",
            "links.a has no option 'sevice'; known options: protocol, service, listen, upstream, host, ca, connect-timeout (did you mean 'service'?)"
        ),
    ])
    func linksRefused(options: String, expected: String) {
        #expect(refusal("links:\n  a: { \(options) }") == "faultline.yaml:2: \(expected)")
    }

    @Test func footprints() throws {
        let system = try read(
            """
            footprints:
              postgres:
                document: SELECT uuid AS document, uuid AS key FROM documents WHERE uuid = ANY($1::uuid[])
                chunk: SELECT document_uuid AS document, chunk_index AS key FROM chunks WHERE document_uuid = ANY($1::uuid[])
                orphans: SELECT uuid AS document, uuid AS key, 'chunk' AS kind FROM chunks
              neo4j:
                entity: MATCH (d)-->(e:Entity) WHERE d.uuid IN $documents RETURN d.uuid AS document, e.name AS key
              qdrant:
                chunk: { collection: apex_documents, document: document_uuid, key: chunk_index }
              redis:
                document: { key: "document:{document}", type: hash, digest: digest }
            """)
        #expect(system.links == ReferenceLinks.native(for: .temporal))
        #expect(system.stores.neo4j == "native")
        let footprints = try #require(system.footprints)
        #expect(footprints.postgres.document?.hasSuffix("ANY($1::uuid[])") == true)
        #expect(
            footprints.qdrant.chunk
                == .init(collection: "apex_documents", document: "document_uuid", key: "chunk_index"))
        #expect(footprints.redis.document == .init(key: "document:{document}", type: .hash, digest: "digest"))
        #expect(
            footprints.kinds == [
                .postgres: [.document, .chunk], .neo4j: [.entity], .qdrant: [.chunk], .redis: [.document],
            ])
        #expect(
            FootprintQueries.reference.kinds == [
                .postgres: [.document, .chunk, .entity], .neo4j: [.document, .chunk, .entity], .qdrant: [.chunk],
                .redis: [.document, .chunk],
            ])
    }

    @Test(arguments: [
        (
            "footprints: {}",
            "1: footprints says of no store how to read it; leave it out for the reference worker's schema"
        ),
        (
            "footprints:\n  postgres: { chunk: SELECT 1 }",
            "2: footprints.postgres.chunk doesn't ask for the documents; use $1, which holds the ids of the documents"
        ),
        (
            "footprints:\n  neo4j: { chunk: RETURN $1 }",
            "2: footprints.neo4j.chunk doesn't ask for the documents; use $documents, which holds the ids of the documents"
        ),
        (
            "footprints:\n  postgres: { orphans: SELECT $1 }",
            "2: footprints.postgres.orphans asks for documents; it has no $1: orphans are sought everywhere"
        ),
        (
            "footprints:\n  redis:\n    chunk: { key: chunks, type: hash }",
            "3: footprints.redis.chunk.key has no {document} in it: 'chunks'; write one such as document:{document}"
        ),
        (
            "footprints:\n  redis:\n    chunk: { key: 'c:{document}', type: set, digest: d }",
            "3: footprints.redis.chunk.digest is for hashes only; leave it out: a set has no fields"
        ),
        (
            "footprints:\n  mysql: {}",
            "2: footprints has no option 'mysql'; known options: postgres, neo4j, qdrant, redis"
        ),
        (
            "lnks: {}",
            "1: the file has no option 'lnks'; known options: links, stores, identification, footprints, pipeline, workers, bucket, clean-up, allow (did you mean 'links'?)"
        ),
    ])
    func refused(text: String, expected: String) {
        #expect(refusal(text) == "faultline.yaml:\(expected)")
    }
}
