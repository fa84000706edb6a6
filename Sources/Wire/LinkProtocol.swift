/// The protocols that a link can speak. `tcp` knows bytes alone.
package enum LinkProtocol: String, CaseIterable, Hashable, Sendable, Codable {
    case tcp
    case http
}
