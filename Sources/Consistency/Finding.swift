/// What one invariant says of a world.
package enum Finding: Hashable, Sendable, Codable {
    /// True of so many things: never of none.
    case holds(checked: Int)
    /// Nobody can tell.
    case unknown(String)
    case violated([Violation])

    package var verdict: Verdict {
        switch self {
        case .holds: .held
        case .unknown: .inconclusive
        case .violated: .violated
        }
    }
}
