import Proxy
import Wire

/// What one submission of a document had on one link.
package struct Share: Hashable, Sendable {
    /// One message: what it was, and its time.
    package struct Moment: Hashable, Sendable {
        package var time: Int64
        package var end: Int64
        package var operation: String

        package init(time: Int64, end: Int64, operation: String = "") {
            self.time = time
            self.end = end
            self.operation = operation
        }
    }

    struct ID: Hashable, Sendable {
        var document: String
        var submission: String?
        var link: String
    }

    let id: ID
    package private(set) var messages = 0
    package private(set) var bytes = 0
    /// When the first message began.
    package private(set) var first = Int64.max
    /// When the last message ended.
    package private(set) var last = Int64.min
    package private(set) var struckBy: Set<Int> = []
    /// In no order.
    package private(set) var requests: [Moment] = []
    /// Messages that a fault struck, in no order.
    package private(set) var strikes: [Moment] = []

    package var document: String { id.document }
    /// Nil: it could be any of the document's.
    package var submission: String? { id.submission }
    package var link: String { id.link }

    init(_ id: ID) { self.id = id }

    mutating func add(_ event: WireEvent) {
        let moment = Moment(time: event.time, end: event.end, operation: event.operation)
        messages += 1
        bytes += event.size
        first = min(first, event.time)
        last = max(last, event.end)
        if event.direction == .request { requests.append(moment) }
        guard event.window != 0 else { return }
        struckBy.insert(event.window)
        strikes.append(moment)
    }
}

extension Share.ID: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.document, left.submission ?? "", left.link) < (right.document, right.submission ?? "", right.link)
    }
}
