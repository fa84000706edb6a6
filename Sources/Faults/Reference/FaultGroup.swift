/// Under which heading the reference has a fault.
package enum FaultGroup: String, Hashable, Sendable, CaseIterable {
    case bytes, connections, messages, http, s3, openai, postgres, redis, bolt, processes

    package var title: String {
        switch self {
        case .bytes: "Bytes"
        case .connections: "Connections"
        case .messages: "Messages"
        case .http: "HTTP"
        case .s3: "S3"
        case .openai: "OpenAI"
        case .postgres: "PostgreSQL"
        case .redis: "Redis"
        case .bolt: "Bolt"
        case .processes: "Processes"
        }
    }
}
