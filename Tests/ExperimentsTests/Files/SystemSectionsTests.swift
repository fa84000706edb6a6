import Consistency
import Experiments
import Faults
import Ingestion
import Proxy
import Stores
import Testing

/// The parts of `faultline.yaml` that say what the user's own system is.
struct SystemSectionsTests {
    private static let whole = """
        links:
          postgres: { protocol: tcp, upstream: "db.test:5433" }
          cache: { protocol: tcp, service: redis, upstream: "127.0.0.1:6379" }
        stores:
          postgres: postgresql://reader:${PG_PASSWORD}@db.test:5433/shop
          redis: redis://:${REDIS_PASSWORD:-secret}@127.0.0.1/1
          s3: http://127.0.0.1:4566
        allow: [DB.test]
        identification:
          postgres: { key: "{document}" }
          cache: { key: ["article:{document}", "source:{source}:*"] }
        footprints:
          postgres: { document: "SELECT slug AS document, slug AS key FROM articles WHERE slug = ANY($1)" }
          redis: { document: { key: "article:{document}", type: string } }
        pipeline:
          command: [./worker, "--kind={kind}", "{document}", "{bucket}/{key}", "{submission}"]
          env: { DSN: "host={link.postgres.host} port={link.postgres.port}", CACHE: "redis://{link.cache}/1" }
          timeout: 20s
          exit-codes: { rolled-back: [3, 4] }
        bucket: articles
        clean-up:
          postgres: ["DELETE FROM articles WHERE slug = ANY($1)"]
          redis: ["article:{document}"]
        """

    @Test func everythingIsRead() throws {
        let file = try SystemFile.parse(
            Self.whole, file: "own/faultline.yaml", variables: ["PG_PASSWORD": "p%40ss", "REDIS_PASSWORD": ""])
        #expect(
            file.stores
                == StoreAddresses(
                    postgres: "postgresql://reader:p%40ss@db.test:5433/shop", redis: "redis://:secret@127.0.0.1:6379/1",
                    s3: "http://127.0.0.1:4566"))
        #expect(
            file.identification == [
                IdentificationRule(link: "postgres", key: "{document}"),
                IdentificationRule(link: "cache", key: "article:{document}"),
                IdentificationRule(link: "cache", key: "source:{source}:*"),
            ])
        #expect(
            file.pipeline
                == .command(
                    CommandSpec(
                        words: ["./worker", "--kind={kind}", "{document}", "{bucket}/{key}", "{submission}"],
                        environment: [
                            "DSN": "host={link.postgres.host} port={link.postgres.port}",
                            "CACHE": "redis://{link.cache}/1",
                        ], folder: "own", timeout: .seconds(20), rolledBackCodes: [3, 4])))
        #expect(file.bucket == "articles")
        #expect(
            file.cleanUp
                == CleanUp(postgres: ["DELETE FROM articles WHERE slug = ANY($1)"], redis: ["article:{document}"]))
        #expect(!file.usesNativeStack)
        let system = try file.system(stack: nil)
        #expect(system.kinds == [.postgres: [.document], .redis: [.document]])
        #expect(system.readers(timeouts: .standard).map(\.store) == [.postgres, .redis])
    }

    @Test func nothingAtAllIsTheReferenceWorkerOnTheNativeStack() throws {
        let file = try SystemFile.parse("")
        #expect(file.usesNativeStack)
        #expect(file.links.map(\.name) == ["s3", "openai", "postgres", "neo4j", "qdrant", "redis", "temporal"])
        let stack = Endpoints(
            postgres: "postgresql://app@127.0.0.1:1/app", neo4j: "bolt://u:p@127.0.0.1:2", qdrant: "http://127.0.0.1:3",
            redis: "redis://127.0.0.1:4/0", s3: "http://127.0.0.1:5", openai: "http://127.0.0.1:6/v1",
            temporal: "127.0.0.1:7")
        let system = try file.system(stack: stack)
        #expect(system.links == (try ReferenceLinks.configurations(to: stack, engine: .temporal)))
        #expect(system.stores == StoreAddresses(stack))
        #expect(system.endpoints == stack)
        #expect(system.cleanUp == nil)
        #expect(throws: RunError.self) { try file.system(stack: nil) }
    }

    /// Each changes one line of the whole file.
    @Test(arguments: [
        (
            "${PG_PASSWORD}", "${PGPASS}",
            "5: stores.postgres asks for the variable PGPASS, which is not set; set it, or write ${PGPASS:-default}"
        ),
        (
            "${PG_PASSWORD}", "${PG",
            "5: stores.postgres has a '${' without its '}'; write ${NAME}, or $${ for the characters themselves"
        ),
        (
            "allow: [DB.test]", "allow: []",
            "2: links.postgres.upstream leads to 'db.test', which is not this machine; if it may be broken and written to, add it to 'allow: [db.test]' at the top of the file"
        ),
        (
            "redis://:${REDIS_PASSWORD:-secret}@", "rediss://:${REDIS_PASSWORD:-secret}@",
            "6: stores.redis has the scheme 'rediss'; write native, or one such as redis://127.0.0.1:6379/0"
        ),
        (
            "redis://:${REDIS_PASSWORD:-secret}@127", ":secret@127",
            "6: stores.redis is no address of the form redis://user:password@host:port; write native, or one such as redis://127.0.0.1:6379/0"
        ),
        (
            "  s3: http://127.0.0.1:4566\n", "",
            "5: stores doesn't say where s3 is: documents are uploaded there, past the links; add 's3: http://key:secret@HOST:PORT', or a link to it with 'upstream: native'"
        ),
        (
            "  cache: { key: [", "  cach: { key: [",
            "11: identification.cach names no link; known links: postgres, cache (did you mean 'cache'?)"
        ),
        (
            "\"source:{source}:*\"", "source",
            "11: identification.cache.key[1] has no {document} or {source} in it: 'source'; write one such as article:{document}"
        ),
        (
            "\"--kind={kind}\"", "\"--kind={king}\"",
            "16: pipeline.command[1] has an unknown placeholder '{king}'; known placeholders: document, document.folder, document.name, key, key.folder, key.name, bucket, kind, submission, run, lane (did you mean 'kind'?)"
        ),
        (
            "\"{document}\", \"{bucket}/", "{document}, \"{bucket}/",
            "16: pipeline.command[2] must be a word, not a mapping; write it in quotes: \"{document}\""
        ),
        (
            "redis://{link.cache}", "redis://{link.redis}",
            "17: pipeline.env.CACHE has an unknown placeholder '{link.redis}'; known placeholders: link.postgres, link.postgres.host, link.postgres.port, link.cache, link.cache.host, link.cache.port"
        ),
        (
            "rolled-back: [3, 4]", "rolled-back: [0]",
            "19: pipeline.exit-codes.rolled-back[0] must be a whole number from 1 to 255, not '0'"
        ),
        (
            "timeout: 20s", "timeout: 0s",
            "18: pipeline.timeout is no time at all; write how long one submission may take, such as 120s"
        ),
        (
            "bucket: articles", "bucket: A",
            "20: bucket must be a bucket's name, not 'A'; write 3 to 63 of a-z, 0-9, '.' and '-'"
        ),
        (
            "DELETE FROM articles WHERE slug = ANY($1)", "DELETE FROM articles",
            "22: clean-up.postgres[0] doesn't say of which documents: 'DELETE FROM articles'; use $1, which holds the ids of the run's documents, so that nobody else's are deleted"
        ),
        (
            "redis: [\"article:{document}\"]", "redis: [article]",
            "23: clean-up.redis[0] has no {document} in it: 'article'; write one such as article:{document}"
        ),
        (
            "redis: [\"article:{document}\"]", "neo4j: [\"MATCH (a) WHERE a.slug IN $documents DELETE a\"]",
            "23: clean-up.neo4j has statements for a store without an address; add 'neo4j: ' to 'stores'"
        ),
    ])
    func refused(text: String, replacement: String, expected: String) throws {
        #expect(Self.whole.contains(text))
        let changed = Self.whole.replacing(text, with: replacement)
        do {
            let file = try SystemFile.parse(changed, variables: ["PG_PASSWORD": "p"])
            Issue.record("read as \(file)")
        } catch {
            #expect("\(error)" == "faultline.yaml:\(expected)")
        }
    }

    @Test(arguments: [
        (
            "pipeline: worker",
            "1: pipeline has no value 'worker'; write reference, or { command: [./worker] }, or 'http:' or 'temporal:' with its options"
        ),
        (
            "pipeline: { command: [] }",
            "1: pipeline.command is empty; write the program and its arguments: [./worker, \"{document}\"]"
        ),
        (
            "links: { a: { protocol: tcp, upstream: native } }",
            "1: links.a.upstream is native, but nothing says which service that is; add 'service: ' with one of postgres, neo4j, qdrant, redis, s3, openai, temporal"
        ),
        (
            "links: { s3: { protocol: http, upstream: native } }\nstores: { postgres: native, neo4j: native, qdrant: native, redis: native }",
            "1: links has no link to openai, which the reference worker needs; add it, or say with 'pipeline: { command: [./worker] }' what ingests your documents"
        ),
    ])
    func refused(text: String, expected: String) {
        do {
            Issue.record("read as \(try SystemFile.parse(text))")
        } catch {
            #expect("\(error)" == "faultline.yaml:\(expected)")
        }
    }

    @Test func dollarsThatAreNoVariablesStay() throws {
        let file = try SystemFile.parse(
            """
            footprints: { postgres: { document: "SELECT slug AS document, '$${x}' AS key FROM a WHERE slug = ANY($1)" } }
            """)
        #expect(file.footprints?.postgres.document?.contains("'${x}'") == true)
    }
}
