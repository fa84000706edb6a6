/// The protocols that a link can speak. `tcp` knows bytes alone.
package enum LinkProtocol: String, CaseIterable, Hashable, Sendable, Codable {
    case tcp
    case http
    case postgres
    case redis
    case bolt

    /// The protocols whose messages a link can tell apart.
    package static let withMessages = allCases.filter { $0 != .tcp }
}
