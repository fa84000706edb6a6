import Consistency

/// Documents without faults: a system that cannot ingest them proves nothing under fire.
enum Baseline {
    /// Why the system is not fit to be tested; nil when it is.
    static func doubt(_ answered: [WorkloadDriver.Answered], _ found: StoreSurvey.Found) -> String? {
        if let failed = answered.first(where: { $0.answer.result != .succeeded }) {
            return "the baseline is unhealthy: without any fault, \(failed.order.task.document) did not succeed: "
                + (failed.answer.reason ?? "no reason was given")
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
