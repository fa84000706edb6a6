/// Reads what a history's file holds.
package enum WireHistory {
    /// Calls `body` with each event of a spooled history, in the order of recording.
    package static func forEach(in path: String, _ body: (WireEvent) throws -> Void) throws { fatalError() }
}
