/// Which way a message goes on a link.
package enum Direction: String, CaseIterable, Hashable, Sendable, Codable {
    /// From the worker to the service.
    case request
    /// From the service to the worker.
    case response
}
