import Proxy

/// A message that a fault held back or delayed, and how that ended.
package struct Hold: Hashable, Sendable {
    package var link: String
    package var connection: Int
    package var document: String?
    package var operation: String
    package var window: Int
    package var time: Int64
    package var end: Int64
    /// Its client left while it was held. Else it still waited at `end`, when it was passed on or its connection reset.
    package var isAbandoned: Bool

    package init(
        link: String, connection: Int, document: String? = nil, operation: String = "", window: Int, time: Int64,
        end: Int64, isAbandoned: Bool
    ) {
        self.link = link
        self.connection = connection
        self.document = document
        self.operation = operation
        self.window = window
        self.time = time
        self.end = end
        self.isAbandoned = isAbandoned
    }

    /// Nil for a message that was neither held nor delayed.
    init?(_ event: WireEvent, document: String?) {
        guard [.held, .delayed, .hung].contains(event.action) else { return nil }
        self.init(
            link: event.link, connection: event.connection, document: document, operation: event.operation,
            window: event.window, time: event.time, end: event.end, isAbandoned: event.action == .held)
    }
}
