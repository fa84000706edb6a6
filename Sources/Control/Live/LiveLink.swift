package import Proxy

/// A link that stands, open or not.
package struct LiveLink: Hashable, Sendable {
    /// Who named a link or a fault.
    package enum Source: String, Hashable, Sendable {
        case commandLine = "command-line"
        case file, api
    }

    package var configuration: LinkConfiguration
    package var source: Source
    /// A link that is not enabled neither listens nor has connections. Its faults stay.
    package var isEnabled: Bool
    /// Where it listens, one a lane; empty while it never did.
    package var addresses: [String] = []
    /// In which words the links were asked to listen.
    var openedAs: String

    package init(_ configuration: LinkConfiguration, source: Source, isEnabled: Bool = true, addresses: [String] = []) {
        self.configuration = configuration
        self.source = source
        self.isEnabled = isEnabled
        self.addresses = addresses
        openedAs = configuration.listen
    }

    package var name: String { configuration.name }
    /// Where it listens, or did or would.
    package var listen: String { addresses.first ?? configuration.listen }
}
