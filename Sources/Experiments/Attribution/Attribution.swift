package import Proxy

/// Says whose message each is: by lane, where only one document lives in a lane at a time; else by its key.
package struct Attribution: Sendable {
    package let stays: [Stay]
    package let rules: [IdentificationRule]
    /// Documents by the key of a source of theirs.
    package let sources: [String: String]
    /// Documents by the id under which the stores know them, where that is another.
    package let aliases: [String: String]

    /// Of lanes in which no two documents ever were at once, in time order.
    private let lanes: [Int: [Stay]]
    private let patterns: [String: [KeyPattern]]
    private let documents: Set<String>
    private let byDocument: [String: [Stay]]

    package init(
        stays: [Stay] = [], rules: [IdentificationRule] = [], sources: [String: String] = [:],
        aliases: [String: String] = [:]
    ) {
        self.stays = stays
        self.rules = rules
        self.sources = sources
        self.aliases = aliases
        let sorted = Dictionary(grouping: stays, by: \.lane).mapValues {
            $0.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        }
        lanes = sorted.filter { Self.isExclusive($0.value) }
        patterns = Dictionary(grouping: rules, by: \.link).mapValues { $0.map { KeyPattern($0.key) } }
        documents = Set(stays.map(\.document)).union(sources.values)
        byDocument = Dictionary(grouping: stays, by: \.document)
    }

    /// The owner of a request, or of bytes. An answer belongs to the owner of its request, whenever it comes: `WireTraffic`
    /// knows which that is.
    package func owner(of event: WireEvent) -> Owner {
        if let stay = stay(in: event.lane, at: event.time) { return .document(stay.document) }
        return identified(event).map { .document($0) } ?? .nobody
    }

    /// The submission that a request of this document was made for, where only one can be.
    package func submission(of document: String, in lane: Int, at time: Int64) -> String? {
        let isExclusive = lanes[lane] != nil
        let ids = (byDocument[document] ?? []).filter { stay in
            stay.from <= time && time <= stay.to && (!isExclusive || stay.lane == lane)
        }
        return Set(ids.map(\.submission)).count == 1 ? ids[0].submission : nil
    }

    /// Nothing was in this lane then, so that what is on the wire is the worker's own, such as keeping a connection alive.
    package func isIdle(_ lane: Int, at time: Int64) -> Bool {
        lanes[lane] != nil && stay(in: lane, at: time) == nil
    }

    private func stay(in lane: Int, at time: Int64) -> Stay? {
        guard let stays = lanes[lane] else { return nil }
        var (low, high) = (0, stays.count)
        while low < high {
            let middle = (low + high) / 2
            if stays[middle].from <= time { low = middle + 1 } else { high = middle }
        }
        // Of one document there may be several at once, and the longest need not be the last.
        while low > 0, stays[low - 1].to < time {
            guard low > 1, stays[low - 2].document == stays[low - 1].document else { return nil }
            low -= 1
        }
        return low > 0 ? stays[low - 1] : nil
    }

    private func identified(_ event: WireEvent) -> String? {
        guard !event.key.isEmpty, let patterns = patterns[event.link] else { return nil }
        let found = Set(
            patterns.compactMap { $0.document(in: event.key, documents: documents, aliases: aliases, sources: sources) }
        )
        return found.count == 1 ? found.first : nil
    }

    /// One document at a time; two stays of the same one may overlap.
    private static func isExclusive(_ stays: [Stay]) -> Bool {
        var last: Stay?
        for stay in stays {
            if let last, stay.from < last.to, stay.document != last.document { return false }
            if last == nil || stay.to > last!.to { last = stay }
        }
        return true
    }
}
