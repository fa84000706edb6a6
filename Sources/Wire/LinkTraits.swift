/// What a link is: which protocol it speaks, and whose.
package struct LinkTraits: Hashable, Sendable {
    package var linkProtocol: LinkProtocol
    /// The service that it carries; `nil` where nobody said.
    package var service: Service?

    package init(_ linkProtocol: LinkProtocol, service: Service? = nil) {
        self.linkProtocol = linkProtocol
        self.service = service
    }

    package static let tcp = LinkTraits(.tcp)
    package static let http = LinkTraits(.http)
    package static let postgres = LinkTraits(.postgres)
    package static let redis = LinkTraits(.redis)
    package static let bolt = LinkTraits(.bolt)
}
