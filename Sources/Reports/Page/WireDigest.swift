package import Proxy
import Wire

/// What one pass over the wire history keeps for the page. Bounded, however long the history is.
package struct WireDigest: Sendable {
    package private(set) var activity = ActivitySeries()
    package private(set) var trails: [String: DocumentTrail]
    package private(set) var events = 0
    /// Links whose requests are seen; on the others chunks of bytes are counted.
    package private(set) var talking: Set<String> = []
    /// Requests that were struck and have no answer yet.
    private var struckCalls: Set<CallID> = []
    private let owner: @Sendable (WireEvent) -> String?

    /// - Parameters:
    ///   - documents: those whose events are kept.
    ///   - owner: the document that an event belongs to, where that is known.
    package init(watching documents: Set<String>, owner: @escaping @Sendable (WireEvent) -> String?) {
        trails = Dictionary(uniqueKeysWithValues: documents.map { ($0, DocumentTrail()) })
        self.owner = owner
    }

    package mutating func add(_ event: WireEvent) {
        events += 1
        guard event.kind == .message || event.window != 0 else { return }
        activity.add(
            event.link, at: event.time, request: event.kind == .message && event.direction == .request,
            struck: isStrike(event))
        if event.exchange > 0 { talking.insert(event.link) }
        if !trails.isEmpty, let document = owner(event) { trails[document]?.add(event) }
    }

    /// An answer that a fault gave in place of the service bears its window too, and is no second strike.
    private mutating func isStrike(_ event: WireEvent) -> Bool {
        guard event.exchange > 0 else { return event.window != 0 }
        let call = CallID(
            link: event.link, lane: event.lane, connection: event.connection, exchange: event.exchange)
        guard event.direction == .request else { return struckCalls.remove(call) == nil && event.window != 0 }
        if event.window != 0 { struckCalls.insert(call) }
        return event.window != 0
    }

    private struct CallID: Hashable {
        var link: String
        var lane: Int
        var connection: Int
        var exchange: Int
    }
}
