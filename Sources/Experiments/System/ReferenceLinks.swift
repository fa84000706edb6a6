package import Ingestion
package import Proxy
package import Stores
package import Wire

/// The links of the reference worker: one to each service that it uses.
package enum ReferenceLinks {
    private static var all:
        [(service: Service, linkProtocol: LinkProtocol, endpoint: WritableKeyPath<Endpoints, String>)]
    {
        [
            (.s3, .http, \.s3),
            (.openai, .http, \.openai),
            (.postgres, .postgres, \.postgres),
            (.neo4j, .bolt, \.neo4j),
            (.qdrant, .http, \.qdrant),
            (.redis, .redis, \.redis),
        ]
    }

    package static var services: [Service] { all.map(\.service) }

    /// To the native stack, wherever it is.
    /// - Parameter engine: on Temporal, there is a link to that too.
    package static func native(for engine: SagaEngine) -> [LinkConfiguration] {
        let links = all.map { service, linkProtocol, _ in
            LinkConfiguration(
                name: service.rawValue, linkProtocol: linkProtocol, service: service, upstream: NativeAddress.word)
        }
        return engine == .temporal ? links + [temporal(to: NativeAddress.word)] : links
    }

    private static func temporal(to upstream: String) -> LinkConfiguration {
        LinkConfiguration(
            name: Service.temporal.rawValue, linkProtocol: .tcp, service: .temporal, upstream: upstream)
    }

    /// Where the reference worker finds a service; nil for one that it doesn't use.
    static func endpoint(of service: Service) -> WritableKeyPath<Endpoints, String>? {
        all.first { $0.service == service }?.endpoint
    }

    /// By the link's name; that to Temporal is among them, whatever drives the saga.
    package static var traits: [String: LinkTraits] {
        let services = Dictionary(
            uniqueKeysWithValues: all.map { ($0.service.rawValue, LinkTraits($0.linkProtocol, service: $0.service)) })
        return services.merging([Service.temporal.rawValue: LinkTraits(.tcp, service: .temporal)]) { first, _ in first }
    }

    /// - Parameters:
    ///   - upstreams: where the real services are.
    ///   - engine: on Temporal, there is a link to that too.
    package static func configurations(
        to upstreams: Endpoints, engine: SagaEngine = .embedded
    ) throws -> [LinkConfiguration] {
        var links = try all.map { service, linkProtocol, endpoint in
            LinkConfiguration(
                name: service.rawValue, linkProtocol: linkProtocol, service: service,
                upstream: try EndpointURL(upstreams[keyPath: endpoint]).address)
        }
        if engine == .temporal, let temporal = upstreams.temporal {
            links.append(Self.temporal(to: temporal))
        }
        return links
    }

    /// The worker's view: every service at its link.
    /// - Parameter addresses: where links listen, by name.
    package static func endpoints(_ upstreams: Endpoints, through addresses: [String: String]) throws -> Endpoints {
        var endpoints = upstreams
        for (service, _, endpoint) in all {
            guard let address = addresses[service.rawValue] else { continue }
            endpoints[keyPath: endpoint] = try EndpointURL(upstreams[keyPath: endpoint]).text(at: address)
        }
        return endpoints
    }
}
