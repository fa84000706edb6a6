import Proxy
import Stores
import Wire

/// A link of a standing proxy that is the one that a run means.
struct StandingLink {
    /// One a lane.
    let addresses: [String]

    /// - Parameters:
    ///   - standing: as the proxy tells of its links.
    ///   - api: where it was asked.
    /// - Throws: `LinkError` where it has no such link, or another one of that name.
    init(_ link: LinkConfiguration, among standing: [JSON], at api: String) throws {
        guard let found = standing.first(where: { $0["name"]?.string == link.name }) else {
            let names = standing.compactMap { $0["name"]?.string }.sorted().joined(separator: ", ")
            throw LinkError(
                link: link.name,
                what: "the proxy at \(api) has no link of this name, but \(names.isEmpty ? "none" : names)",
                mend: "add it to the proxy's file, or name the links of the system file as they are named there; "
                    + "'faultline links --api \(api)' lists them")
        }
        let (linkProtocol, service) = (found["protocol"]?.string ?? "", found["service"]?.string)
        guard linkProtocol == link.linkProtocol.rawValue else {
            throw LinkError(
                link: link.name,
                what: "it speaks '\(linkProtocol)' on the proxy at \(api), and '\(link.linkProtocol.rawValue)' in the "
                    + "run",
                mend: "write the same 'protocol' in the proxy's file and in the system file")
        }
        guard service == link.service?.rawValue else {
            let run = link.service.map { "'\($0.rawValue)'" } ?? "no service"
            throw LinkError(
                link: link.name,
                what: "it carries \(service.map { "'\($0)'" } ?? "no service") on the proxy at \(api), and \(run) in "
                    + "the run",
                mend: "write the same 'service' in the proxy's file and in the system file")
        }
        guard found["enabled"] == true else {
            throw LinkError(
                link: link.name, what: "it is disabled on the proxy at \(api)",
                mend: "enable it: curl -X PATCH \(api)/v1/links/\(link.name) -d '{\"enabled\": true}'")
        }
        addresses = (found["listen"]?.array ?? []).compactMap(\.string).map { Self.reachable($0, from: api) }
    }

    /// A link that listens on all addresses of its machine is reached where the proxy is.
    static func reachable(_ address: String, from api: String) -> String {
        for host in ["0.0.0.0:", "[::]:"] where address.hasPrefix(host) {
            guard let colon = api.lastIndex(of: ":") else { break }
            return "\(api[...colon])\(address.dropFirst(host.count))"
        }
        return address
    }
}
