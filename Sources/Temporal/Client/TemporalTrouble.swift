/// What stands between a client and its namespace, so that it can be told how to mend it.
package enum TemporalTrouble: Hashable, Sendable {
    case noServer(reason: String)
    /// - Parameter known: namespaces that the server has; nil when it does not tell.
    case noNamespace(known: [String]?)
    case notLetIn(reason: String)
}

extension TemporalClient {
    /// - Returns: nil for a failure of another kind.
    package func trouble(behind error: TemporalError) async -> TemporalTrouble? {
        switch error.code {
        case .unavailable, .deadlineExceeded: .noServer(reason: error.message)
        case .notFound where (try? await hasNamespace()) == false: .noNamespace(known: try? await namespaces().sorted())
        case .permissionDenied, .unauthenticated: .notLetIn(reason: error.message)
        default: nil
        }
    }
}
