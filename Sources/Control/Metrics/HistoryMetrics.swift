import Proxy

/// What has become of the wire history, and of those who watch it.
enum HistoryMetrics {
    static func all(_ counts: HistoryCounts) -> [Metric] {
        [
            Metric(
                "faultline_history_events_total", .counter,
                "Events that the wire history has taken down; none while there is neither a file nor a watcher.",
                counts.events),
            Metric(
                "faultline_history_dropped_events_total", .counter, "Events for which the wire history had no room.",
                counts.dropped),
            Metric(
                "faultline_history_write_failed", .gauge,
                "1 once the wire history's file could not be written: it proves nothing then.", counts.isLost ? 1 : 0),
            Metric("faultline_watchers", .gauge, "How many watch the wire now.", counts.watchers),
            Metric(
                "faultline_watcher_shown_events_total", .counter, "Events that watchers were shown.", counts.shown),
            Metric(
                "faultline_watcher_missed_events_total", .counter,
                "Events that watchers could not be shown, as they were too slow or there were too many.", counts.missed),
        ]
    }
}

extension Metric {
    /// One that has no labels.
    fileprivate init(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        self.init(name, kind, help)
        add(value)
    }
}
