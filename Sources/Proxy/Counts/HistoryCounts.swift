/// What has become of the wire history's events.
package struct HistoryCounts: Hashable, Sendable {
    /// Events that were taken down, for a file or for those who watch.
    package var events = 0
    /// Events for which there was no room.
    package var dropped = 0
    /// The file could not be written to, so it proves nothing.
    package var isLost = false
    package var watchers = 0
    /// Events that were handed to watchers.
    package var shown = 0
    /// Events that could not be handed to watchers. Those may not have wanted all of them.
    package var missed = 0

    package init() {}
}
