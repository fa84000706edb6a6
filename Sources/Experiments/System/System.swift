package import Consistency
import Faults
package import Ingestion
package import Proxy
import Stack
package import Stores
package import Wire

/// The system under test with every address known: what a run needs to know of it, whether it is ours or the user's.
package struct System: Sendable {
    /// The system file; nil for the reference worker on the native stack.
    package var file: String?
    package var links: [LinkConfiguration]
    package var stores: StoreAddresses
    package var footprints: FootprintQueries
    package var identification: [IdentificationRule]
    package var pipeline: PipelineSpec
    /// What drives the reference worker's saga.
    package var engine = SagaEngine.embedded
    /// What faultline starts beside the pipeline, once the links are open.
    package var workers: [WorkerSpec]
    /// Where documents are uploaded. Nil: a bucket of the run's own, made and deleted by it.
    package var bucket: String?
    /// Nil: the records lie as the reference worker's do, and `FootprintEraser` deletes them.
    package var cleanUp: CleanUp?
    /// The services as the reference worker reaches them without links; nil for a pipeline of the user's.
    package var endpoints: Endpoints?

    package init(
        file: String? = nil, links: [LinkConfiguration], stores: StoreAddresses, footprints: FootprintQueries,
        identification: [IdentificationRule] = [], pipeline: PipelineSpec = .reference, bucket: String? = nil,
        cleanUp: CleanUp? = nil, workers: [WorkerSpec] = [],
        endpoints: Endpoints? = nil
    ) {
        self.file = file
        self.links = links
        self.stores = stores
        self.footprints = footprints
        self.identification = identification
        self.pipeline = pipeline
        self.workers = workers
        self.bucket = bucket
        self.cleanUp = cleanUp
        self.endpoints = endpoints
    }

    /// The reference worker on the native stack.
    /// - Parameter engine: on Temporal, the worker has a link to that too.
    package static func reference(endpoints: Endpoints, engine: SagaEngine = .embedded) throws -> System {
        var system = System(
            links: try ReferenceLinks.configurations(to: endpoints, engine: engine),
            stores: StoreAddresses(endpoints), footprints: .reference, endpoints: endpoints)
        system.engine = engine
        return system
    }

    /// The same with another engine of the reference worker: embedded, it uses no link to Temporal.
    package func driven(by engine: SagaEngine) -> System {
        var system = self
        system.engine = engine
        if pipeline == .reference { system.links = links.used(by: engine) }
        return system
    }

    /// The kinds of record that each store is asked for.
    package var kinds: [Store: Set<Record.Kind>] { footprints.kinds }

    /// What an experiment strikes that is not there, in words; nil: all is.
    package func missing(for experiment: Experiment) -> String? {
        experiment.struck(
            beyond: Set(links.map(\.name)), isOnlyInside: pipeline == .reference && engine == .embedded)
    }

    /// The services as the reference worker reaches them through links.
    /// - Parameter addresses: where the links of its lane listen, by name.
    package func endpoints(through addresses: [String: String]) throws -> Endpoints {
        guard var endpoints else {
            throw RunError(
                what: "the reference worker does not know where its services are",
                mend: "name a pipeline of your own in the system file")
        }
        for link in links {
            guard let service = link.service, let address = addresses[link.name] else { continue }
            if service == .temporal { endpoints.temporal = address }
            guard let endpoint = ReferenceLinks.endpoint(of: service) else { continue }
            endpoints[keyPath: endpoint] = try EndpointURL(endpoints[keyPath: endpoint]).text(at: address)
        }
        return endpoints
    }

    /// By the link's name.
    package var traits: [String: LinkTraits] {
        Dictionary(links.map { ($0.name, $0.traits) }, uniquingKeysWith: { first, _ in first })
    }

    /// On the native stack alone it is known what an embedding looks like: the stand-in makes it of the text.
    private static func embedding(of file: String?) -> QdrantFootprints.Embedding? {
        guard file == nil else { return nil }
        return { text, dimensions in EmbeddingVector.of(text, dimensions: dimensions) }
    }

    /// Readers of the stores that have footprints, past the links.
    package func readers(timeouts: Timeouts) -> [any FootprintReader] {
        var readers: [any FootprintReader] = []
        if kinds[.postgres] != nil, let address = stores.postgres {
            let client = PostgresClient(endpoint: address, connections: 1, timeouts: timeouts)
            readers.append(PostgresFootprints(client: client, queries: footprints.postgres))
        }
        if kinds[.neo4j] != nil, let address = stores.neo4j {
            let client = BoltClient(endpoint: address, connections: 1, timeouts: timeouts)
            readers.append(Neo4jFootprints(client: client, queries: footprints.neo4j))
        }
        if kinds[.qdrant] != nil, let address = stores.qdrant {
            let client = QdrantClient(endpoint: address, http: HTTPClient(timeouts: timeouts))
            readers.append(
                QdrantFootprints(client: client, queries: footprints.qdrant, embedding: Self.embedding(of: file)))
        }
        if kinds[.redis] != nil, let address = stores.redis {
            let client = RedisClient(endpoint: address, connections: 1, timeouts: timeouts)
            readers.append(RedisFootprints(client: client, queries: footprints.redis))
        }
        return readers
    }
}

extension [LinkConfiguration] {
    /// Those that the reference worker has traffic on.
    func used(by engine: SagaEngine) -> [LinkConfiguration] {
        engine == .temporal ? self : filter { $0.service != .temporal }
    }
}
