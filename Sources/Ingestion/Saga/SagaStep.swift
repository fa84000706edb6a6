package import Consistency

/// One step of a saga: a plain value, so that any engine can schedule it, journal it and hand it to another process.
package enum SagaStep: Hashable, Sendable, Codable, CustomStringConvertible {
    case download
    case parse
    case extractEntities
    /// One request's worth of chunks, from 0.
    case embed(batch: Int)
    /// Keeps what stands in a store, durably: with it the store's compensation is registered.
    case snapshot(Store)
    case write(Store)
    case remove(Store)
    /// The compensation: makes a store hold what its snapshot says.
    case restore(Store)
    /// Removes temporary files.
    case cleanUp

    package var activity: Activity {
        switch self {
        case .download: .download
        case .parse: .parse
        case .extractEntities: .extractEntities
        case .embed: .embed
        case .snapshot(let store): .snapshot(store)
        case .write(let store): .write(store)
        case .remove(let store): .remove(store)
        case .restore(let store): .restore(store)
        case .cleanUp: .cleanUp
        }
    }

    package var description: String {
        if case .embed(let batch) = self { "embed-\(batch)" } else { activity.name }
    }

    /// The step of a description.
    package init?(description: String) {
        if description.hasPrefix("embed-") {
            guard let batch = Int(description.dropFirst("embed-".count)), batch >= 0 else { return nil }
            self = .embed(batch: batch)
            return
        }
        let ofStores = Store.allCases.flatMap { [Self.snapshot($0), .write($0), .remove($0), .restore($0)] }
        let all = [.download, .parse, .extractEntities, .cleanUp] + ofStores
        guard let step = all.first(where: { $0.description == description }) else { return nil }
        self = step
    }

    /// The store that the step changes on the way forward.
    package var changes: Store? {
        switch self {
        case .write(let store), .remove(let store): store
        default: nil
        }
    }

    /// Its result is kept in memory only, so it is gone with the worker.
    package var isPreparation: Bool {
        switch self {
        case .download, .parse, .extractEntities, .embed: true
        case .snapshot, .write, .remove, .restore, .cleanUp: false
        }
    }

    /// A step of the way back, which nothing may cancel.
    package var isShielded: Bool {
        switch self {
        case .restore, .cleanUp: true
        default: false
        }
    }
}
