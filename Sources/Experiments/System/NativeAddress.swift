import Stores
import Wire

/// `native`, the word that stands for a service of the native stack wherever an address is wanted.
package enum NativeAddress {
    package static let word = "native"

    /// - Returns: the service's endpoint; nil for one that the stack doesn't have.
    static func endpoint(of service: Service, in endpoints: Endpoints) -> String? {
        switch service {
        case .postgres: endpoints.postgres
        case .neo4j: endpoints.neo4j
        case .qdrant: endpoints.qdrant
        case .redis: endpoints.redis
        case .s3: endpoints.s3
        case .openai: endpoints.openai
        case .temporal: endpoints.temporal
        }
    }
}
