package import Faults
import Foundation
package import Proxy
import Wire

extension LinkConfiguration {
    /// What happens to the Host header.
    private enum HostHeader: String, CaseIterable { case keep, upstream }

    /// More cost more than they tell.
    static let lanesMax = 64

    /// Reads one entry of `links:`. A link that has a service's name carries that service unless it says otherwise.
    ///
    /// - Parameter isStanding: it stands by itself, so it says how many lanes it has; a run decides on those of its own.
    package init(name: String, spec: inout Spec, isStanding: Bool = false) throws(SpecError) {
        let linkProtocol: LinkProtocol = try spec.required("protocol", .choice)
        let service: Service? = try spec.optional("service", .choice)
        let listen = try spec.optional("listen", .address("127.0.0.1:0", schemes: [])) ?? "127.0.0.1:0"
        let schemes = linkProtocol == .http ? ["http", "https"] : []
        let upstream = try spec.required("upstream", .upstream("127.0.0.1:5432", schemes: schemes))
        let host: HostHeader? = try spec.optional("host", .choice)
        if host != nil, linkProtocol != .http {
            throw spec.error("host", "is for http links only", mend: "leave it out, or write 'protocol: http'")
        }
        let authorities = try spec.optional("ca", .name)
        if let authorities {
            guard upstream.hasPrefix("https://") else {
                throw spec.error(
                    "ca", "is for TLS to the upstream only", mend: "leave it out, or write an https:// upstream")
            }
            guard FileManager.default.isReadableFile(atPath: authorities) else {
                throw spec.error(
                    "ca", "names no readable file: '\(authorities)'", mend: "name a file of certificates in PEM")
            }
        }
        let connectTimeout = try spec.optional("connect-timeout", .duration) ?? .seconds(30)
        guard connectTimeout > .zero else {
            throw spec.error("connect-timeout", "is no time at all", mend: "write 'connect-timeout: 30s'")
        }
        let lanes = isStanding ? try spec.optional("lanes", .int(in: 1...Self.lanesMax)) ?? 1 : 1
        self.init(
            name: name, linkProtocol: linkProtocol, service: service ?? Service(rawValue: name), listen: listen,
            upstream: upstream, rewritesHost: host.map { $0 == .upstream }, authorities: authorities,
            lanes: lanes, connectTimeout: connectTimeout)
    }
}

extension SpecType where Value == String {
    /// `native`, or an address.
    static func upstream(_ example: String, schemes: [String]) -> SpecType {
        let address = address(example, schemes: schemes)
        return SpecType(example: example) { node, place throws(SpecError) in
            if case .scalar(NativeAddress.word) = node.content { return NativeAddress.word }
            return try address.read(node, place)
        }
    }

    /// `HOST:PORT`, `[IPv6]:PORT`, `unix:PATH` or, for the schemes given, `SCHEME://HOST[:PORT]`.
    static func address(_ example: String, schemes: [String]) -> SpecType {
        let forms = ["HOST:PORT", "unix:PATH"] + schemes.map { "\($0)://HOST:PORT" }
        return .scalar("an address", example: example, mend: "write \(forms.joined(separator: ", or "))") { text in
            if text.hasPrefix("unix:") { return text.count > 5 ? text : nil }
            if let scheme = schemes.first(where: { text.hasPrefix("\($0)://") }) {
                return isHost(text.dropFirst(scheme.count + 3), needsPort: false) ? text : nil
            }
            return isHost(text[...], needsPort: true) ? text : nil
        }
    }

    private static func isHost(_ text: Substring, needsPort: Bool) -> Bool {
        guard let match = text.wholeMatch(of: /(\[[0-9A-Fa-f:.]+\]|[^:\/\[\]@\s]+)(?::([0-9]{1,5}))?\/?/) else {
            return false
        }
        guard let port = match.output.2 else { return !needsPort }
        return UInt16(port) != nil
    }
}
