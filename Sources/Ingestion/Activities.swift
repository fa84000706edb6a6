package import Consistency
import Stores

/// The work of an ingestion, one function a step: no retry, no order, no result. Those are its engine's, which calls these through an `ActivityRunner`.
package struct Activities: Sendable {
    private let s3: S3Client
    private let openai: OpenAIClient
    private let writers: [Store: any StoreWriter]
    private let configuration: WorkerConfiguration
    private let behaviour: WorkerBehaviour
    private let parser: DocumentParser

    package init(configuration: WorkerConfiguration, behaviour: WorkerBehaviour = WorkerBehaviour()) {
        let endpoints = configuration.endpoints
        let timeouts = Timeouts(connect: .seconds(3), call: configuration.callTimeout)
        let http = HTTPClient(timeouts: timeouts)
        self.configuration = configuration
        self.behaviour = behaviour
        parser = DocumentParser()
        s3 = S3Client(endpoint: endpoints.s3, region: configuration.region, http: http)
        openai = OpenAIClient(
            endpoint: endpoints.openai, apiKey: configuration.openAIKey, checks: behaviour.embeddingChecks,
            http: http)
        let timeout = configuration.callTimeout
        let all: [any StoreWriter] = [
            PostgresWriter(
                client: PostgresClient(
                    endpoint: endpoints.postgres, connections: configuration.connections, timeouts: timeouts),
                timeout: timeout, removesStale: behaviour.removesStale, replaces: behaviour.replacesRows,
                recovery: behaviour.transactionRecovery),
            Neo4jWriter(
                client: BoltClient(
                    endpoint: endpoints.neo4j, connections: configuration.connections, timeouts: timeouts),
                timeout: timeout, removesStale: behaviour.removesStale, mergesChunks: behaviour.mergesChunks,
                isWhole: behaviour.writesGraphWhole, recovery: behaviour.graphRecovery),
            QdrantWriter(
                client: QdrantClient(endpoint: endpoints.qdrant, apiKey: configuration.qdrantKey, http: http),
                timeout: timeout, removesStale: behaviour.removesStale, pointIDs: behaviour.pointIDs),
            RedisWriter(
                client: RedisClient(
                    endpoint: endpoints.redis, connections: configuration.connections, timeouts: timeouts,
                    recovery: behaviour.cacheRecovery),
                timeout: timeout, isWhole: behaviour.writesCacheWhole, marking: behaviour.marking),
        ]
        writers = Dictionary(uniqueKeysWithValues: all.map { ($0.store, PreparedWriter($0)) })
    }

    /// What a download tells besides the bytes.
    package struct Downloaded: Hashable, Sendable {
        package var contentType: String?
        package var digest: String
    }

    /// Downloads the object of a request to a temporary file and gives that its extension.
    package func download(_ request: IngestionRequest, to file: TemporaryFile) async throws -> Downloaded {
        let head = try await s3.getObject(
            bucket: configuration.bucket, key: request.key, to: file.path,
            acceptsShortBody: behaviour.acceptsShortBodies,
            acceptsErrorBody: behaviour.acceptsErrorBodies, timeout: configuration.callTimeout)
        let bytes = try LocalFile.read(file.path)
        let fileExtension = behaviour.extensionRule.fileExtension(
            contentType: head.contentType, names: [request.key, request.document],
            head: Array(bytes.prefix(ContentSignature.bytesMax)))
        try file.setExtension(fileExtension)
        return Downloaded(contentType: head.contentType, digest: SHA256.hex(bytes))
    }

    package func parse(_ file: TemporaryFile) async throws -> ParsedDocument {
        try await parser.parse(path: file.path)
    }

    package func analyse(_ document: ParsedDocument) async throws -> (chunks: [Chunk], entities: [Entity]) {
        let chunks = configuration.chunker.chunks(of: document.text)
        return (chunks, configuration.entities.entities(in: document.text))
    }

    /// One vector an input; the client checks that. Where a defect has it check less, one may be empty.
    package func embed(_ inputs: [String]) async throws -> [[Float]] {
        do throws(StoreError) {
            return try await openai.embeddings(
                model: configuration.model, inputs: inputs, dimensions: QdrantWriter.dimensions,
                timeout: configuration.embeddingTimeout)
        } catch {
            var error = error
            if error.code == "insufficient_quota", behaviour.retriesQuotaErrors { error.isTransient = true }
            throw error
        }
    }

    /// What stands in a store, as far as the store keeps it; nil when nothing does.
    package func stored(document: String, in store: Store) async throws -> ProcessedDocument? {
        do {
            return try await asking(store) { try await $0.stored(document: document) }
        } catch let error as StoreError where behaviour.errors.isMiss(error) {
            return nil
        }
    }

    package func write(_ document: ProcessedDocument, to store: Store) async throws {
        do {
            try await asking(store) { try await $0.write(document) }
        } catch let error as StoreError where behaviour.errors.isDone(error) {
            return
        }
    }

    /// Makes a store hold what stood there before: a former version, or nothing.
    package func restore(_ former: ProcessedDocument?, document: String, in store: Store) async throws {
        if let former, behaviour.restoresFormer {
            try await asking(store) { try await $0.write(former) }
        } else {
            try await asking(store) { try await $0.remove(document: document) }
        }
    }

    package func remove(document: String, from store: Store) async throws {
        try await asking(store) { try await $0.remove(document: document) }
    }

    private func asking<Value>(_ store: Store, _ body: (any StoreWriter) async throws -> Value) async throws -> Value {
        guard let writer = writers[store] else { preconditionFailure("no writer of \(store)") }
        do {
            return try await body(writer)
        } catch let error as StoreError {
            throw behaviour.errors.read(error)
        }
    }
}
