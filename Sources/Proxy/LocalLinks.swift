package import Faults

/// Links that live in this process, on a loop of their own.
package final class LocalLinks: LinkControl {
    /// - Parameter historyPath: the file that the wire history is spooled to (`WireHistory.events` reads it); `nil` keeps none.
    /// - Throws: `LinkError` when the file cannot be made.
    package init(historyPath: String?) throws {}
    package func open(_ links: [LinkConfiguration]) async throws -> [String: String] { fatalError() }
    package func apply(_ plan: Plan) async throws { fatalError() }
    package func progress() async throws -> [Int: LinkWindows.Progress] { fatalError() }
    package func inFlight() async throws -> InFlight { fatalError() }
    package func flushHistory() async throws -> HistoryCount { fatalError() }
    package func close() async { fatalError() }
}
