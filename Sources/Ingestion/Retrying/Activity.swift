package import Consistency

/// A step of an ingestion that can be tried again by itself. Engines know activities by these names.
package enum Activity: Hashable, Sendable, Codable, CustomStringConvertible {
    case download
    case parse
    case extractEntities
    /// One batch of inputs.
    case embed
    case snapshot(Store)
    case write(Store)
    case remove(Store)
    case restore(Store)
    case cleanUp

    package var name: String {
        switch self {
        case .download: "download"
        case .parse: "parse"
        case .extractEntities: "extract-entities"
        case .embed: "embed"
        case .snapshot(let store): "snapshot-\(store.rawValue)"
        case .write(let store): "write-\(store.rawValue)"
        case .remove(let store): "remove-\(store.rawValue)"
        case .restore(let store): "restore-\(store.rawValue)"
        case .cleanUp: "clean-up"
        }
    }

    package var description: String { name }

    /// The service that an activity calls, as links name it; nil for work that calls none.
    package var service: String? {
        switch self {
        case .download: "s3"
        case .parse, .extractEntities, .cleanUp: nil
        case .embed: "openai"
        case .snapshot(let store), .write(let store), .remove(let store), .restore(let store): store.rawValue
        }
    }

    /// A try is waited for, as long as it may take: one that is abandoned may land after what it did has been undone.
    package var isLeftToEnd: Bool {
        switch self {
        case .write, .remove: true
        default: false
        }
    }

    /// A failed try may have left something behind.
    package var hasEffect: Bool {
        switch self {
        case .download, .parse, .extractEntities, .embed, .snapshot, .cleanUp: false
        case .write, .remove, .restore: true
        }
    }
}

/// The limits of one activity.
package struct ActivityPolicy: Hashable, Sendable, Codable {
    package var retry: RetryPolicy
    /// How long one try may take; nil for as long as it likes.
    package var startToClose: Duration?
    /// How long all tries may take together, waits included; nil for as long as they like.
    package var scheduleToClose: Duration?
    /// What each chunk of the document adds to both.
    package var perChunk: Duration
    /// Tried again whatever a failure says of itself: what refuses an undo for good today may take it tomorrow.
    package var outlastsRefusals: Bool

    package init(
        retry: RetryPolicy, startToClose: Duration?, scheduleToClose: Duration? = nil, perChunk: Duration = .zero,
        outlastsRefusals: Bool = false
    ) {
        self.retry = retry
        self.startToClose = startToClose
        self.scheduleToClose = scheduleToClose
        self.perChunk = perChunk
        self.outlastsRefusals = outlastsRefusals
    }

    /// How long one try for a document of so many chunks may take.
    func startToClose(chunks: Int) -> Duration? { startToClose.map { $0 + perChunk * chunks } }

    /// How long all tries for a document of so many chunks may take together.
    func scheduleToClose(chunks: Int) -> Duration? { scheduleToClose.map { $0 + perChunk * chunks } }
}
