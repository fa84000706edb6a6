/// What has gone through a link in one direction.
package struct DirectionCounts: Hashable, Sendable {
    /// Bytes of clients or upstreams that were read. Those of TLS itself are not in it.
    package var receivedBytes = 0
    /// Bytes that were sent on, or in place of others.
    package var sentBytes = 0
    /// Messages that have ended, as the wire history tells of them; 0 where a connection is bytes.
    package var messages = 0
    package var addedLatency = AddedLatency()

    package init() {}

    mutating func add(_ other: DirectionCounts) {
        receivedBytes += other.receivedBytes
        sentBytes += other.sentBytes
        messages += other.messages
        addedLatency.add(other.addedLatency)
    }
}
