package import Ingestion
package import Proxy
package import Stores
import Wire

extension SystemFile {
    /// Whether the pipeline reaches Temporal through a link.
    package var hasTemporal: Bool { links.contains { $0.service == .temporal } }

    /// Those that there is traffic on.
    package func links(for engine: SagaEngine) -> [LinkConfiguration] {
        pipeline == .reference ? links.used(by: engine) : links
    }

    /// The system with every address known.
    /// - Parameter stack: the native stack that is up; needed where `usesNativeStack`.
    /// - Throws: `RunError` when it is needed and not given, or lacks a service.
    package func system(stack: Endpoints?) throws -> System {
        let links = try links.map { link in
            guard link.upstream == NativeAddress.word else { return link }
            var link = link
            link.upstream = try Self.address(of: link, in: stack)
            return link
        }
        let stores = stack.map { self.stores.resolved($0) } ?? self.stores
        guard stack != nil || !usesNativeStack else { throw Self.stackIsDown }
        var system = System(
            file: file, links: links, stores: stores, footprints: footprints ?? .reference,
            identification: identification, pipeline: pipeline.resolved(stack),
            bucket: bucket, cleanUp: cleanUp ?? (footprints == nil ? nil : CleanUp()), workers: workers,
            endpoints: Self.endpoints(stores, links, temporal: stack?.temporal))
        if let temporal = links.first(where: { $0.service == .temporal }) {
            system.endpoints?.temporal = temporal.upstream
            system.engine = .temporal
        }
        return system
    }

    /// `HOST:PORT` of the link's service in the native stack.
    private static func address(of link: LinkConfiguration, in stack: Endpoints?) throws -> String {
        guard let stack else { throw stackIsDown }
        guard let service = link.service, let endpoint = NativeAddress.endpoint(of: service, in: stack) else {
            throw RunError(
                what: "the link '\(link.name)' leads to a service that the native stack doesn't have",
                mend: "write its address instead of '\(NativeAddress.word)'")
        }
        return service == .temporal ? endpoint : try EndpointURL(endpoint).address
    }

    private static var stackIsDown: RunError {
        RunError(what: "the system uses the native stack, and that is not up", mend: "run `faultline stack up`")
    }

    /// Everything that the reference worker needs; nil where one of its stores has no address.
    private static func endpoints(
        _ stores: StoreAddresses, _ links: [LinkConfiguration], temporal: String?
    ) -> Endpoints? {
        guard let postgres = stores.postgres, let neo4j = stores.neo4j, let qdrant = stores.qdrant,
            let redis = stores.redis, let s3 = stores.s3
        else { return nil }
        // The worker speaks plain HTTP to its link, whatever the link speaks to the upstream.
        let openai = links.first { $0.service == .openai }?.upstream ?? "127.0.0.1:443"
        let address = openai.firstRange(of: "://").map { String(openai[$0.upperBound...]) } ?? openai
        return Endpoints(
            postgres: postgres, neo4j: neo4j, qdrant: qdrant, redis: redis, s3: s3,
            openai: "http://\(address.hasSuffix("/") ? String(address.dropLast()) : address)/v1", temporal: temporal)
    }
}
