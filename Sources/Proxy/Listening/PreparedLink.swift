import Reactor

/// A link whose addresses are known.
struct PreparedLink: Sendable {
    var configuration: LinkConfiguration
    /// One a lane.
    var listeners: [PreparedListener] = []
    var upstream: UpstreamAddress
    /// Empty where the upstream's name is yet to be looked up.
    var upstreamAddresses: [SocketAddress]
    /// Looks the upstream's name up again. Blocks.
    let lookUp: @Sendable () throws -> [SocketAddress]
    /// For an upstream that speaks TLS.
    var tls: TLSContext?

    /// Blocks: never on a loop.
    init(_ configuration: LinkConfiguration, by resolver: @escaping Resolver) throws {
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
        guard configuration.lanes >= 1 else {
            throw LinkError(
                link: configuration.name, what: "it has \(configuration.lanes) lanes", mend: "give it one at least")
        }
        guard configuration.connectTimeout > .zero else {
            throw LinkError(
                link: configuration.name, what: "it gives its upstream no time to answer",
                mend: "write a connect-timeout such as 30s")
        }
        self.upstream = upstream
        let lookUp: @Sendable () throws -> [SocketAddress] = {
            let found = try upstream.resolve(by: resolver)
            guard !found.isEmpty else { throw PreparedListener.nothingFound }
            return found
        }
        self.lookUp = lookUp
        do {
            tls = try upstream.isTLS ? TLSContext(authorities: configuration.authorities) : nil
        } catch {
            throw LinkError(
                link: configuration.name, what: "\(error)", mend: "name a file of certificates in PEM")
        }
        do {
            upstreamAddresses = configuration.looksUpLate ? (try? lookUp()) ?? [] : try lookUp()
            for lane in 0..<configuration.lanes {
                listeners.append(try PreparedListener(listen, lane: lane, named: configuration.listen, by: resolver))
            }
        } catch {
            throw LinkError(
                link: configuration.name, what: "\(error)", mend: "check the host's name and the resolver")
        }
    }
}

/// Where one lane of a link listens.
struct PreparedListener: Sendable {
    /// As messages call it.
    var name: String
    var address: UpstreamAddress
    /// All that its host stands for.
    var socketAddresses: [SocketAddress]

    /// Blocks: never on a loop.
    ///
    /// - Parameters:
    ///   - first: where the link's first lane listens, written as `name`.
    init(_ first: UpstreamAddress, lane: Int, named name: String, by resolver: Resolver) throws {
        self.name = name
        address = first
        if lane > 0 {
            address.port = 0
            address.unixPath = first.unixPath.map { "\($0).\(lane)" }
            self.name = address.unixPath.map { "unix:\($0)" } ?? "a free port of \(first.host)"
        }
        socketAddresses = try address.resolve(by: resolver)
        guard !socketAddresses.isEmpty else { throw Self.nothingFound }
    }

    static let nothingFound = SocketError(
        doing: "resolve an address", code: 0, message: "the resolver found nothing")
}
