import Reactor

/// A link whose addresses are known.
struct PreparedLink: Sendable {
    var configuration: LinkConfiguration
    var listen: UpstreamAddress
    var listenAddress: SocketAddress
    var upstream: UpstreamAddress
    var upstreamAddresses: [SocketAddress]
    /// For an upstream that speaks TLS.
    var tls: TLSContext?

    /// Blocks: never on a loop.
    init(_ configuration: LinkConfiguration) throws {
        self.configuration = configuration
        let forms = "write HOST:PORT, [IPv6]:PORT or unix:PATH"
        guard let listen = UpstreamAddress(configuration.listen), !listen.isTLS else {
            throw LinkError(
                link: configuration.name, what: "'\(configuration.listen)' is no address to listen on", mend: forms)
        }
        guard let upstream = UpstreamAddress(configuration.upstream) else {
            throw LinkError(
                link: configuration.name, what: "'\(configuration.upstream)' is no upstream address", mend: forms)
        }
        self.listen = listen
        self.upstream = upstream
        do {
            tls = try upstream.isTLS ? TLSContext(authorities: configuration.authorities) : nil
        } catch {
            throw LinkError(
                link: configuration.name, what: "\(error)", mend: "name a file of certificates in PEM")
        }
        do {
            upstreamAddresses = try upstream.resolve()
            let addresses = try listen.resolve()
            guard let first = addresses.first, !upstreamAddresses.isEmpty else {
                throw SocketError(doing: "resolve an address", code: 0, message: "the resolver found nothing")
            }
            listenAddress = first
        } catch {
            throw LinkError(
                link: configuration.name, what: "\(error)", mend: "check the host's name and the resolver")
        }
    }
}
