import Ingestion
import Proxy
import Wire

/// The system file that `faultline init` writes. It works as it is, and means the same as no file at all. Lines that begin
/// with `#` and anything but a single space are options to take: without their `#` they read well too.
package enum SystemTemplate {
    package static var text: String {
        let links = ReferenceLinks.native(for: .temporal).map { link in
            "  \(link.name): { protocol: \(link.linkProtocol.rawValue), upstream: \(NativeAddress.word) }"
        }
        return """
            # The system under test. `faultline doctor` looks whether it is fit, `faultline plan FILE` says what an experiment
            # would break. Every option: docs/system-file.md. An example with a schema of its own: docs/own-system.md.
            #
            # ${NAME} and ${NAME:-default} are filled in from the environment, so that passwords need not be in here.

            # Links: roads to the services, with faults on them. 'upstream' is where the service is: HOST:PORT, or http://… or
            # https://… (TLS, verified) for http links. 'native' is faultline's own stack, which is started when it isn't up.
            # 'listen' is a free port unless given: programs that faultline starts are told where it is. Take out those that your
            # pipeline has no use for: where documents succeed, a link without traffic is one that was gone round.
            links:
            \(links.joined(separator: "\n"))

            # Hosts beyond this machine that may be broken and written to. Loopback needs no leave.
            #allow: [db.staging.example]

            # Where the stores are, past the links: documents are uploaded to s3, footprints are read from the others. A store
            # whose link leads to 'native' needs no address here.
            #stores:
            #  postgres: "postgresql://app:${POSTGRES_PASSWORD:-secret}@127.0.0.1:5432/app"
            #  neo4j: "bolt://neo4j:${NEO4J_PASSWORD:-secret}@127.0.0.1:7687"
            #  qdrant: http://127.0.0.1:6333
            #  redis: redis://127.0.0.1:6379/0
            #  s3: http://test:test@127.0.0.1:4566

            # What ingests documents. Without this it is faultline's own reference worker. A command is run once for each
            # submission, with the links' addresses in its environment (POSTGRES_URL, REDIS_URL, S3_ENDPOINT_URL, OPENAI_BASE_URL,
            # FAULTLINE_LINK_POSTGRES and so on). Exit code 0: done. 75: failed, and everything undone. Anything else: unknown.
            # A service is driven by 'http' in its place, workflows on Temporal by 'temporal'.
            #pipeline:
            #  command: [./worker, "{kind}", "{document}", "{bucket}", "{key}"]
            #  env: { CACHE: "redis://{link.redis}/0" }
            #  timeout: 120s
            #  exit-codes: { rolled-back: [75] }

            # Where documents are uploaded. Without this it is a bucket of each run's own, which is deleted afterwards.
            #bucket: documents

            # What one document leaves in each store: queries that get the ids of documents ($1, $documents, {document}) and give
            # the columns document, key and, where there is one, digest. A store that is left out is not judged. Without this
            # section the stores are read as the reference worker writes them.
            #footprints:
            #  postgres:
            #    document: "SELECT slug AS document, slug AS key, sha AS digest FROM articles WHERE slug = ANY($1::text[])"
            #    chunk: "SELECT slug AS document, number AS key FROM paragraphs WHERE slug = ANY($1::text[])"
            #  redis:
            #    document: { key: "article:{document}", type: hash, digest: sha }

            # How a run's records are deleted again. A store that is left out keeps them, and the run says so.
            #clean-up:
            #  postgres: ["DELETE FROM paragraphs WHERE slug = ANY($1::text[])", "DELETE FROM articles WHERE slug = ANY($1::text[])"]
            #  redis: ["article:{document}"]

            # From which keys of a link's messages one can tell whose they are, where lanes alone don't.
            #identification:
            #  s3: { key: "{source}" }
            #  redis: { key: "article:{document}*" }

            """
    }
}
