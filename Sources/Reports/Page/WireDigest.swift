package import Proxy
import Wire

/// What one pass over the wire history keeps for the page. Bounded, however long the history is.
package struct WireDigest: Sendable {
    package private(set) var activity = ActivitySeries()
    package private(set) var trails: [String: DocumentTrail]
    package private(set) var events = 0
    /// Links whose requests are seen; on the others chunks of bytes are counted.
    package private(set) var talking: Set<String> = []
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
            struck: event.window != 0)
        if event.exchange > 0 { talking.insert(event.link) }
        if !trails.isEmpty, let document = owner(event) { trails[document]?.add(event) }
    }
}
