package import Reactor

/// Every address that a host's name stands for. May block.
package typealias Resolver = @Sendable (_ host: String, _ port: Int) throws -> [SocketAddress]

/// An address as a user writes it: `HOST:PORT`, `[IPv6]:PORT`, `unix:PATH`, `http://HOST[:PORT]`, `https://HOST[:PORT]`.
struct UpstreamAddress: Hashable, Sendable {
    var host = ""
    var port = 0
    var unixPath: String?
    var isTLS = false

    init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("unix:") {
            unixPath = String(rest.dropFirst(5))
            return
        }
        var standard: Int?
        for (scheme, number) in [("http://", 80), ("https://", 443)] where rest.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            rest = rest.prefix { $0 != "/" }
            standard = number
            isTLS = number == 443
        }
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            host = String(rest.prefix { $0 != ":" })
            rest = rest.dropFirst(host.count)
        }
        let number = rest.hasPrefix(":") ? Int(rest.dropFirst()) : rest.isEmpty ? standard : nil
        guard !host.isEmpty, let number, (0...65535).contains(number) else { return nil }
        port = number
    }

    /// As the Host header names it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Blocks: never on a loop.
    func resolve(by resolver: Resolver) throws -> [SocketAddress] {
        if let unixPath { return [try SocketAddress(unixPath: unixPath)] }
        return try resolver(host, port)
    }
}
