package import Proxy

/// What crossed the links for one document, cut to what lies around the strikes.
package struct DocumentTrail: Hashable, Sendable {
    package enum Row: Hashable, Sendable {
        case event(WireEvent)
        /// So many events are left out here.
        case gap(Int)
    }

    private static let keptMax = 1000
    private static let rowsMax = 14

    private var events: [WireEvent] = []
    /// Events that there was no room for.
    private var uncounted = 0

    package init() {}

    package mutating func add(_ event: WireEvent) {
        if events.count < Self.keptMax { events.append(event) } else { uncounted += 1 }
    }

    /// In the order of time: struck events, and what came before and after each on the same link; the first and the last where
    /// nothing was struck; all, when they are few.
    package var rows: [Row] {
        let sorted = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        var shown = sorted.count <= Self.rowsMax ? Set(sorted.indices) : Self.chosen(sorted)
        // A line that says that one is missing takes as much room as the one.
        for index in sorted.indices where shown.contains(index - 1) && shown.contains(index + 1) { shown.insert(index) }
        var rows: [Row] = []
        var gap = 0
        for (index, event) in sorted.enumerated() {
            guard shown.contains(index) else {
                gap += 1
                continue
            }
            if gap > 0 { rows.append(.gap(gap)) }
            gap = 0
            rows.append(.event(event))
        }
        if gap + uncounted > 0 { rows.append(.gap(gap + uncounted)) }
        return rows
    }

    private static func chosen(_ events: [WireEvent]) -> Set<Int> {
        let struck = events.indices.filter { events[$0].window != 0 }
        guard !struck.isEmpty else {
            return Set(events.indices.prefix(rowsMax / 2)).union(events.indices.suffix(rowsMax / 2))
        }
        var shown: Set<Int> = []
        for index in struck where shown.count < rowsMax {
            let link = events[index].link
            shown.insert(index)
            if let before = events[..<index].lastIndex(where: { $0.link == link }) { shown.insert(before) }
            if let after = events[(index + 1)...].firstIndex(where: { $0.link == link }) { shown.insert(after) }
        }
        return shown
    }
}
