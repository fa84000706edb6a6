package import Wire

/// One proxied road to a service, as a user asks for it.
package struct LinkConfiguration: Hashable, Sendable {
    package var name: String
    package var linkProtocol: LinkProtocol
    /// Tells an `http` link whose operations it carries.
    package var service: Service?
    /// `HOST:PORT`, `[IPv6]:PORT` or `unix:PATH`; port 0 asks for a free one.
    package var listen: String
    /// The same forms, or `http://HOST[:PORT]`, or `https://HOST[:PORT]` for TLS to the upstream.
    package var upstream: String
    /// Replaces the Host header of requests by the upstream's. A service on the internet wants that; an S3 signature
    /// doesn't survive it.
    package var rewritesHost: Bool
    /// A file of certificates in PEM to trust beside the system's, for TLS to the upstream.
    package var authorities: String?
    /// How many listeners the link has, from 1. The first listens at `listen`; further ones take a free port of the same
    /// host, or the path of `listen` with `.1`, `.2` and so on behind it. They share all else.
    package var lanes: Int
    /// How long connecting to one address of the upstream may take, with the handshake of TLS.
    package var connectTimeout: Duration
    /// An upstream's name that nobody knows yet is no mistake: it is looked up again when a client connects.
    package var looksUpLate = false

    package init(
        name: String, linkProtocol: LinkProtocol, service: Service? = nil, listen: String = "127.0.0.1:0",
        upstream: String, rewritesHost: Bool? = nil, authorities: String? = nil,
        lanes: Int = 1, connectTimeout: Duration = .seconds(30)
    ) {
        self.name = name
        self.linkProtocol = linkProtocol
        self.service = service
        self.listen = listen
        self.upstream = upstream
        self.rewritesHost = rewritesHost ?? (linkProtocol == .http && upstream.hasPrefix("https://"))
        self.authorities = authorities
        self.lanes = lanes
        self.connectTimeout = connectTimeout
    }

    /// What faults and expectations are read with.
    package var traits: LinkTraits { LinkTraits(linkProtocol, service: service) }
}
