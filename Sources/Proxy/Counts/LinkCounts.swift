package import Wire

/// What a link has done since it was first opened. But for `open`, nothing in it ever becomes less, though the link closes and
/// opens again, and faults come and go.
package struct LinkCounts: Hashable, Sendable {
    /// Connections that clients have made.
    package var accepted = 0
    /// Connections that are there now.
    package var open = 0
    /// How often connecting to an address of the upstream has failed.
    package var dialFailures = 0
    package var request = DirectionCounts()
    package var response = DirectionCounts()
    /// How often faults have struck, by their kind.
    package var strikes: [String: Int] = [:]

    package init() {}

    package subscript(_ direction: Direction) -> DirectionCounts { direction == .request ? request : response }

    mutating func add(_ other: LinkCounts) {
        accepted += other.accepted
        open += other.open
        dialFailures += other.dialFailures
        request.add(other.request)
        response.add(other.response)
        strikes.merge(other.strikes, uniquingKeysWith: +)
    }
}
