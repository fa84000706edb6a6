/// What one invariant says of a world.
package enum Finding: Hashable, Sendable, Codable {
    /// True of so many things: never of none.
    case holds(checked: Int)
    /// Nobody can tell.
    case unknown(String)
    case violated([Violation])
    /// Nothing of its kind was in this run, and why. Counts neither for nor against.
    case notAsked(String)

    /// Nil when it was not asked.
    package var verdict: Verdict? {
        switch self {
        case .holds: .held
        case .unknown: .inconclusive
        case .violated: .violated
        case .notAsked: nil
        }
    }
}
