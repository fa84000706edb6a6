import Consistency
import Ingestion

/// A few documents without faults: a system that cannot ingest them proves nothing under fire.
struct Baseline {
    static let documents = 2
    static let sizes = 1024...8192

    /// Why the system is not fit to be tested; nil when it is.
    static func doubt(_ results: [IngestionResult], _ found: StoreSurvey.Found) -> String? {
        if let failed = results.first(where: { !$0.succeeded }) {
            return "the baseline is unhealthy: without any fault, \(failed.document) failed at \(failed.reason ?? "?")"
        }
        if let (store, reason) = found.unreadable.min(by: { $0.key < $1.key }) {
            return "the baseline is unhealthy: \(store.rawValue) could not be read: \(reason)"
        }
        for store in Store.allCases {
            guard let empty = found.footprints[store]?.first(where: \.isEmpty) else { continue }
            return "the baseline is unhealthy: \(empty.document) was ingested without any fault, "
                + "but \(store.rawValue) holds nothing of it"
        }
        return nil
    }
}
