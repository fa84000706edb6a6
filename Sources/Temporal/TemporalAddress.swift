import Glibc

/// Where a Temporal server is, and how a client shows itself there.
package struct TemporalAddress: Hashable, Sendable {
    /// How the connection is secured.
    package enum Security: Hashable, Sendable {
        case plaintext
        /// - Parameters:
        ///   - trust: PEM files of the authorities that may have signed the server's certificate; empty for the system's.
        ///   - identity: shown to a server that asks for one, as Temporal Cloud does without an API key.
        case tls(trust: [String] = [], identity: Identity? = nil)
    }

    /// A client's certificate and its key, as PEM files.
    package struct Identity: Hashable, Sendable {
        package var certificate: String
        package var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    package var host: String
    package var port: Int
    package var namespace: String
    package var security: Security
    /// Sent as a bearer token with every call. Temporal Cloud takes one only over TLS.
    package var apiKey: String?
    /// The name that the server's certificate is for; nil: the host.
    package var serverName: String?

    package init(
        host: String, port: Int = 7233, namespace: String = "default", security: Security = .plaintext,
        apiKey: String? = nil, serverName: String? = nil
    ) {
        self.host = host
        self.port = port
        self.namespace = namespace
        self.security = security
        self.apiKey = apiKey
        self.serverName = serverName
    }

    /// - Parameter text: `HOST:PORT`, or `[HOST]:PORT` for IPv6.
    /// - Returns: nil when it is neither.
    package init?(_ text: String, namespace: String = "default") {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, !host.contains("/") else { return nil }
        self.init(host: host, port: port, namespace: namespace)
    }

    /// A server's certificate is for a name, which an address on the network doesn't tell.
    package var lacksServerName: Bool {
        guard security != .plaintext, serverName == nil else { return false }
        var (four, six) = (in_addr(), in6_addr())
        return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
    }

    package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
