package import Faults

/// What a run does with links, wherever they live: in its own process (`LocalLinks`) or in a standing proxy.
package protocol LinkControl: Sendable {
    /// Opens the links, all or none.
    ///
    /// - Returns: by the link's name, where it listens, `HOST:PORT` or `unix:PATH`, one address a lane.
    /// - Throws: `LinkError` for an address in use, a name that doesn't resolve, two links of one name.
    func open(_ links: [LinkConfiguration]) async throws -> [String: [String]]

    /// Closes links of these names with their connections, all or none.
    ///
    /// - Throws: `LinkError` for a name that no link has.
    func close(_ names: [String]) async throws

    /// Puts a plan in force at once, on open connections too. Windows count their time from now. An empty plan heals.
    ///
    /// - Returns: the history's time when it came into force.
    @discardableResult
    func apply(_ plan: Plan) async throws -> Int64

    /// The history's time now, in nanoseconds as `WireEvent.time`. What is recorded later has no earlier time.
    func now() async throws -> Int64

    /// How far each window of the present plan has come, by its id.
    func progress() async throws -> [Int: LinkWindows.Progress]

    /// What is under way now: calls without their answer on `http` links, and bytes that wait anywhere.
    func inFlight() async throws -> InFlight

    /// Has everything that happened so far written to the history's file.
    ///
    /// - Returns: how many events the history holds, and how many it had to drop.
    func flushHistory() async throws -> HistoryCount

    /// What others did to the links since they were opened, in words: then what they tell proves nothing.
    func disturbances() async throws -> [String]

    /// Waits until the links are lost, as those in another process may be.
    ///
    /// - Throws: `LinksLost`, or `CancellationError`.
    func untilLost() async throws

    /// Closes links, connections and the history. Nothing can be asked of the links afterwards.
    func close() async
}

/// Links that cannot be asked any more, and why. What they told so far proves nothing.
package struct LinksLost: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// What is under way on all links.
package struct InFlight: Hashable, Sendable {
    /// Requests on `http` links that have no whole answer yet.
    package var calls = 0
    /// Bytes that are held or delayed.
    package var bytes = 0
    package var connections = 0

    package init(calls: Int = 0, bytes: Int = 0, connections: Int = 0) {
        self.calls = calls
        self.bytes = bytes
        self.connections = connections
    }

    mutating func add(_ other: InFlight) {
        calls += other.calls
        bytes += other.bytes
        connections += other.connections
    }
}

package struct HistoryCount: Hashable, Sendable {
    package var written: Int
    /// More than 0 means that the history was cut short, and proves nothing by absence.
    package var dropped: Int

    package init(written: Int, dropped: Int) {
        self.written = written
        self.dropped = dropped
    }
}

/// A link that cannot be: where, what, and how to mend it.
package struct LinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `*` for all of them.
    package var link: String
    package var what: String
    package var mend: String

    package init(link: String, what: String, mend: String) {
        self.link = link
        self.what = what
        self.mend = mend
    }

    package var description: String { link == "*" ? "\(what); \(mend)" : "link '\(link)': \(what); \(mend)" }
}
