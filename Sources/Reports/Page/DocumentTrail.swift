package import Proxy

/// What crossed the links for one document, cut to what lies around the strikes.
package struct DocumentTrail: Hashable, Sendable {
    package enum Row: Hashable, Sendable {
        case event(WireEvent)
        /// So many events are left out here.
        case gap(Int)
    }

    private static let keptMax = 400
    private static let rowsMax = 14
    private static let neighbours = 2

    private var events: [WireEvent] = []
    /// Events that there was no room for.
    private var uncounted = 0

    package init() {}

    package mutating func add(_ event: WireEvent) {
        if events.count < Self.keptMax { events.append(event) } else { uncounted += 1 }
    }

    package var isEmpty: Bool { events.isEmpty }
    package var count: Int { events.count + uncounted }

    /// In the order of time: struck events, the ones beside them, and the last one; all, when they are few.
    package var rows: [Row] {
        let sorted = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        var shown = Set<Int>()
        if sorted.count <= Self.rowsMax {
            shown.formUnion(sorted.indices)
        } else {
            let struck = sorted.indices.filter { sorted[$0].window != 0 }
            for index in struck.isEmpty ? [0] : struck where shown.count < Self.rowsMax {
                let near = (index - Self.neighbours)...(index + Self.neighbours)
                shown.formUnion(near.filter { sorted.indices.contains($0) })
            }
            shown.insert(sorted.count - 1)
        }
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
        if uncounted > 0 { rows.append(.gap(uncounted)) }
        return rows
    }
}
