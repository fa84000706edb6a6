import Proxy
import Stores
import Wire

/// A proxy as Toxiproxy's clients and its configuration file ask for one.
struct ToxiproxyProxy {
    let name: String
    let listen: String
    let upstream: String
    let isEnabled: Bool
    /// Toxics that it is to have; `nil` where nobody says, which leaves those that it has. Toxiproxy itself knows none here.
    let toxics: [Toxic]?

    /// - Parameter place: behind the name of a field that is missing: ` at proxy 1`.
    init(_ fields: ToxiproxyFields, at place: String = "") throws {
        name = try fields.string("name") ?? ""
        upstream = try fields.string("upstream") ?? ""
        listen = try fields.string("listen") ?? ""
        isEnabled = try fields.bool("enabled") ?? true
        guard !name.isEmpty else { throw ToxiproxyError.missing("name\(place)") }
        guard !upstream.isEmpty else { throw ToxiproxyError.missing("upstream\(place)") }
        var toxics: [Toxic]?
        for fields in try fields.list("toxics") ?? [] {
            let toxic = try Toxic(fields)
            guard toxics?.contains(where: { $0.name == toxic.name }) != true else { throw ToxiproxyError.toxicExists }
            toxics = (toxics ?? []) + [toxic]
        }
        self.toxics = try fields.list("toxics") == nil ? nil : toxics ?? []
    }

    /// All that a body of `populate`, or a configuration file, asks for. Each is looked at before any is made.
    static func list(_ json: JSON) throws -> [ToxiproxyProxy] {
        guard json != .null else { return [] }
        guard let elements = json.array else { throw ToxiproxyError.badBody("a list was expected") }
        var proxies: [ToxiproxyProxy] = []
        for (index, element) in elements.enumerated() {
            proxies.append(try ToxiproxyProxy(ToxiproxyFields(element), at: " at proxy \(index + 1)"))
        }
        return proxies
    }

    var configuration: LinkConfiguration {
        var configuration = LinkConfiguration(
            name: name, linkProtocol: .tcp, listen: Self.listen(listen), upstream: Self.upstream(upstream))
        configuration.looksUpLate = true
        return configuration
    }

    func link(source: LiveLink.Source) -> LiveLink { LiveLink(configuration, source: source, isEnabled: isEnabled) }

    /// Go's forms of an address in ours: no host is all of them, `localhost` is the first that it stands for, and nothing is a free
    /// port, which is one of this machine alone here.
    static func listen(_ text: String) -> String {
        if text.isEmpty { return "127.0.0.1:0" }
        if text.hasPrefix(":") { return "0.0.0.0\(text)" }
        if text.hasPrefix("localhost:") { return "127.0.0.1:\(text.dropFirst(10))" }
        return text
    }

    static func upstream(_ text: String) -> String { text.hasPrefix(":") ? "127.0.0.1\(text)" : text }
}

extension LiveLink {
    /// As Toxiproxy tells of a proxy.
    func toxiproxy(_ toxics: [Toxic]) -> JSON {
        // Those of the first direction come first there.
        let upstream = toxics.filter { $0.stream == .upstream }
        let sorted = upstream + toxics.filter { $0.stream == .downstream }
        return [
            "name": .string(name), "listen": .string(listen), "upstream": .string(configuration.upstream),
            "enabled": .bool(isEnabled), "toxics": .array(sorted.map(\.json)),
        ]
    }

    /// Whether a proxy that is asked for is another than this.
    func differs(from other: LinkConfiguration) -> Bool {
        (listen != other.listen && configuration.listen != other.listen) || configuration.upstream != other.upstream
    }
}
