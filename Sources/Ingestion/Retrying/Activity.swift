package import Consistency

/// A step of an ingestion that can be tried again by itself. Engines know activities by these names.
package enum Activity: Hashable, Sendable, Codable, CustomStringConvertible {
    case download
    case parse
    case extractEntities
    /// One batch of inputs.
    case embed
    case write(Store)
    case remove(Store)

    package var name: String {
        switch self {
        case .download: "download"
        case .parse: "parse"
        case .extractEntities: "extract-entities"
        case .embed: "embed"
        case .write(let store): "write-\(store.rawValue)"
        case .remove(let store): "remove-\(store.rawValue)"
        }
    }

    package var description: String { name }

    /// The service that an activity calls, as links name it; nil for work that calls none.
    package var service: String? {
        switch self {
        case .download: "s3"
        case .parse, .extractEntities: nil
        case .embed: "openai"
        case .write(let store), .remove(let store): store.rawValue
        }
    }

    /// A failed try may have left something behind.
    package var hasEffect: Bool {
        switch self {
        case .download, .parse, .extractEntities, .embed: false
        case .write, .remove: true
        }
    }
}

/// The limits of one activity.
package struct ActivityPolicy: Hashable, Sendable, Codable {
    package var retry: RetryPolicy
    /// How long one try may take; nil for as long as it likes.
    package var startToClose: Duration?

    package init(retry: RetryPolicy, startToClose: Duration?) {
        self.retry = retry
        self.startToClose = startToClose
    }
}
