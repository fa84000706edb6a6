package import Proxy
import Wire

/// The environment by which a program of the user's finds its services behind the links of its lane. Pure.
package struct LaneVariables: Sendable {
    private let links: [LinkConfiguration]
    private let stores: StoreAddresses
    /// By the link's name.
    private let addresses: [String: String]

    /// - Parameters:
    ///   - stores: the user names, passwords and databases of ready addresses are theirs.
    ///   - addresses: where the lane's links listen, `HOST:PORT` or `unix:PATH`, by name.
    package init(links: [LinkConfiguration], stores: StoreAddresses, addresses: [String: String]) {
        self.links = links
        self.stores = stores
        self.addresses = addresses
    }

    /// - Parameter inherited: credentials that are set there are left as they are; addresses never are.
    package func values(over inherited: [String: String]) -> [String: String] {
        var values = inherited
        for link in links {
            values[Self.name(of: link.name)] = addresses[link.name]
        }
        for service in Service.allCases {
            guard let link = link(of: service), let address = addresses[link.name], let parts = Self.parts(address)
            else { continue }
            values.merge(locations(service, address, parts)) { _, new in new }
            values.merge(credentials(service)) { old, _ in old }
        }
        return values
    }

    /// Names that `fill` knows.
    static func placeholders(of links: [LinkConfiguration]) -> [String] {
        links.flatMap { link in
            let whole = "link.\(link.name)"
            return link.listen.hasPrefix("unix:") ? [whole] : [whole, "\(whole).host", "\(whole).port"]
        }
    }

    /// Fills in `{link.NAME}`, `{link.NAME.host}` and `{link.NAME.port}`.
    package func fill(_ text: String) -> String {
        Placeholders.fill(text) { placeholder in
            guard placeholder.hasPrefix("link.") else { return nil }
            let rest = String(placeholder.dropFirst(5))
            if let address = addresses[rest] { return address }
            for (suffix, part) in [(".host", \(host: String, port: String).host), (".port", \.port)]
            where rest.hasSuffix(suffix) {
                return addresses[String(rest.dropLast(suffix.count))].flatMap(Self.parts)?[keyPath: part]
            }
            return nil
        }
    }

    /// `FAULTLINE_LINK_POSTGRES`.
    static func name(of link: String) -> String {
        "FAULTLINE_LINK_" + link.uppercased().replacing(/[^A-Z0-9]/, with: "_")
    }

    /// The link that has the service's name, else the first that carries it.
    private func link(of service: Service) -> LinkConfiguration? {
        links.first { $0.name == service.rawValue } ?? links.first { $0.service == service }
    }

    private func locations(
        _ service: Service, _ address: String, _ parts: (host: String, port: String)
    ) -> [String: String] {
        func url(_ store: String?, or plain: String) -> String {
            store.flatMap { StoreURL($0, defaultPort: 0) }?.text(at: address) ?? plain
        }
        switch service {
        case .postgres:
            return [
                "POSTGRES_HOST": parts.host, "POSTGRES_PORT": parts.port,
                "POSTGRES_URL": url(stores.postgres, or: "postgresql://\(address)"),
            ]
        case .neo4j:
            return ["NEO4J_URI": "bolt://\(address)"]
        case .qdrant:
            return ["QDRANT_HOST": parts.host, "QDRANT_PORT": parts.port, "QDRANT_URL": "http://\(address)"]
        case .redis:
            return [
                "REDIS_HOST": parts.host, "REDIS_PORT": parts.port,
                "REDIS_URL": url(stores.redis, or: "redis://\(address)"),
            ]
        case .s3:
            return ["S3_ENDPOINT_URL": "http://\(address)", "AWS_ENDPOINT_URL_S3": "http://\(address)"]
        case .openai:
            return ["OPENAI_BASE_URL": "http://\(address)/v1"]
        case .temporal:
            return ["TEMPORAL_HOST": parts.host, "TEMPORAL_PORT": parts.port, "TEMPORAL_ADDRESS": address]
        }
    }

    private func credentials(_ service: Service) -> [String: String] {
        var values: [String: String] = [:]
        switch service {
        case .postgres:
            let url = stores.postgres.flatMap { StoreURL($0, defaultPort: 0) }
            values["POSTGRES_USER"] = url?.user
            values["POSTGRES_PASSWORD"] = url?.password
            values["POSTGRES_DB"] = url.flatMap { $0.path.isEmpty ? nil : $0.path }
        case .neo4j:
            let url = stores.neo4j.flatMap { StoreURL($0, defaultPort: 0) }
            values["NEO4J_USER"] = url?.user
            values["NEO4J_PASSWORD"] = url?.password
            values["NEO4J_DATABASE"] = url.flatMap { $0.path.isEmpty ? nil : $0.path }
        case .redis:
            let url = stores.redis.flatMap { StoreURL($0, defaultPort: 0) }
            values["REDIS_PASSWORD"] = url?.password
            values["REDIS_DB"] = url.flatMap { $0.path.isEmpty ? nil : $0.path }
        case .s3:
            let url = stores.s3.flatMap { StoreURL($0, defaultPort: 0) }
            values["AWS_ACCESS_KEY_ID"] = url?.user ?? "test"
            values["AWS_SECRET_ACCESS_KEY"] = url?.password ?? "test"
            values["AWS_DEFAULT_REGION"] = "us-east-1"
        case .openai:
            values["OPENAI_API_KEY"] = "test"
        case .qdrant, .temporal:
            break
        }
        return values
    }

    private static func parts(_ address: String) -> (host: String, port: String)? {
        guard !address.hasPrefix("unix:"), let colon = address.lastIndex(of: ":") else { return nil }
        let host = address[..<colon]
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        return (String(bare), String(address[address.index(after: colon)...]))
    }
}
