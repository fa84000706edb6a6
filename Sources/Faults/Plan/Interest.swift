/// What open windows look at of messages beyond what every message tells: it costs something to have it at hand.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let headers = Interest(rawValue: 1)
    package static let requestHeaders = Interest(rawValue: 2)
    /// What statements are given.
    package static let parameters = Interest(rawValue: 4)
    /// From which ports clients connect.
    package static let ports = Interest(rawValue: 8)

    init(_ selector: Selector) {
        self = []
        if selector.content.header != nil { insert(.headers) }
        guard let scope = selector.scope else { return }
        if !scope.headers.isEmpty { insert(.requestHeaders) }
        if !scope.documents.isEmpty { insert(.parameters) }
        if !scope.ports.isEmpty { insert(.ports) }
    }
}
